import { messageOf, readText, UserError } from '@unweather/core-tensor';
import { pick } from '@unweather/model';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';

type Json = Record<string, unknown>;

/** A kind of recipe: its schema and its named recipes. */
export interface RecipeKind<Recipe extends object> {
  readonly schema: z.ZodType<Recipe>;
  readonly table: Readonly<Record<string, Recipe>>;
}

/**
 * Reads the recipe that a command line asks for.
 * @param named name of a recipe of the table, or path of a JSON file (recognised by an extension or a folder)
 * @param settings changes, each `KEY=VALUE`; nested keys are joined by dots (`schedule.kind=constant`), values are
 * parsed as JSON, else taken as text
 * @param changes keys with an option of their own
 * @returns the recipe with its keys in the schema's order, so that equal recipes are equal as JSON
 * @throws UserError naming the file or the setting: not readable, an unknown key (with the nearest known one), or an
 * invalid value
 */
export async function chosenRecipe<Recipe extends object>(
  kind: RecipeKind<Recipe>,
  named: string,
  settings: readonly string[] = [],
  changes: Partial<Recipe> = {},
): Promise<Recipe> {
  const fromFile = /[./\\]/.test(named);
  const recipe = fromFile ? parsed(kind.schema, await readJson(named), named) : pick('recipe', kind.table, named);
  const changed = structuredClone(recipe) as Json;
  for (const setting of settings) change(changed, setting);
  return parsed(kind.schema, { ...changed, ...changes }, '--set');
}

async function readJson(path: string): Promise<Json> {
  const text = await readText(path, 'give the path of a recipe, or the name of one');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new UserError(
      `${path}: not JSON (${messageOf(thrown)}); "train --print-recipe" writes a recipe to begin with`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(`${path}: not a recipe but ${Array.isArray(value) ? 'a list' : String(value)}; give an object`);
  // `$schema` is for editors only.
  const { $schema: _, ...rest } = value as Json;
  return rest;
}

/** Sets one key and creates the objects on the path to it. */
function change(recipe: Json, setting: string): void {
  const [, path = '', text = ''] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
  if (path === '') throw new UserError(`--set ${setting}: give a key and a value, for instance learningRate=1e-4`);
  const keys = path.split('.');
  const last = keys.pop()!;
  let part = recipe;
  for (const key of keys) {
    const inner = part[key];
    // A part may be given in short form, by its name only: "loss": "ssim+l1".
    part[key] = typeof inner === 'object' && inner !== null ? inner : typeof inner === 'string' ? { name: inner } : {};
    part = part[key] as Json;
  }
  part[last] = settingValue(text);
}

function settingValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parsed<Recipe extends object>(schema: z.ZodType<Recipe>, value: Json, where: string): Recipe {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UserError(`${where}: ${result.error.issues.map((issue) => problemOf(issue, schema)).join('; ')}`);
}

function problemOf(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    const told = issue.keys.map((key) => {
      const nearest = known.length === 0 ? '' : `; did you mean "${closest(key, known)}"?`;
      return `there is no key "${[...issue.path, key].join('.')}"${nearest}`;
    });
    return told.join(', ');
  }
  // For a value with several forms, lists the faults for each form.
  if (issue.code === 'invalid_union') {
    const reasons = issue.errors
      .flat()
      .map((inner) => problemOf({ ...inner, path: [...issue.path, ...inner.path] }, schema));
    return [...new Set(reasons)].join(', or ') || `${path}: ${issue.message}`;
  }
  return `${path || 'the recipe'}: ${issue.message}`;
}

/** Keys of the object at a path; none if it has several forms. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: unknown = schema;
  for (const key of path) {
    while (here instanceof z.ZodOptional) here = here.unwrap();
    here = here instanceof z.ZodObject ? here.shape[key as string] : undefined;
  }
  while (here instanceof z.ZodOptional) here = here.unwrap();
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}
