import { UserError } from '@unweather/core-tensor';
import { grouped } from './grouped.js';
import type { Found, Scan } from './scan.js';
import { combinations, type Fields, fieldsIn, fill, parseTemplate, patternOf, type Template } from './template.js';

/** Paths of a truth and of one of its inputs, as in a meta file. */
export type Entry = readonly [truth: string, input: string];

/** A pair that cannot be used, with the reason. */
export interface Problem {
  readonly files: readonly string[];
  readonly why: string;
}

export interface Pairing {
  readonly entries: readonly Entry[];
  readonly problems: readonly Problem[];
}

export interface PairingOptions {
  readonly input: Template;
  readonly truth: Template;
  /** Official list of names; without one, every scene is paired. */
  readonly list?: { readonly path: string; readonly names: readonly string[]; readonly line: string | undefined };
}

/** Rule by which a layout pairs the inputs of a scene. */
interface Rule {
  /** Fields that identify a scene. */
  readonly scene: readonly string[];
  /** Field values for each of which every scene has an input. */
  readonly variants: readonly Fields[];
  /** Field values that make several inputs of one file (`#noise-{sigma:30|50|70}`). */
  readonly parts: readonly Fields[];
  /** True if names of inputs have fields that neither the scene nor a choice decides. */
  readonly free: boolean;
  keyOf(values: Fields): string;
}

function ruleOf(input: Template, truth: Template): Rule {
  const ofFile = fieldsIn(input.file);
  const fieldOf = (name: string) => input.fields.get(name)!;
  const chosen = ofFile.filter((name) => fieldOf(name).choices !== undefined);
  const scene = fieldsIn(truth.file).filter((name) => !chosen.includes(name));
  const key = [...scene, ...chosen];
  return {
    scene,
    variants: combinations(chosen.map(fieldOf)),
    parts: combinations(
      fieldsIn(input.text)
        .filter((name) => !ofFile.includes(name))
        .map(fieldOf),
    ),
    free: ofFile.some((name) => !key.includes(name)),
    keyOf: (values) => JSON.stringify(key.map((name) => values[name])),
  };
}

/**
 * Pairs inputs with truths. A truth's name identifies its scene. Every scene has an input for each combination of
 * values that the input's fields can take; without such fields, it has as many inputs as are found.
 * @throws UserError for a line of the list that does not fit
 */
export function pairing(inputs: Scan, truths: Scan, { input, truth, list }: PairingOptions): Pairing {
  const { scene, variants, parts, free, keyOf } = ruleOf(input, truth);
  const found = grouped(inputs.found, ({ fields }) => keyOf(fields));
  const there = new Map(truths.found.map(({ path, spelt }) => [spelt, path]));
  const entries: Entry[] = [];
  const problems: Problem[] = [];

  const pair = (wanted: Fields, variant: Fields) => {
    const values = { ...wanted, ...variant };
    const truthFile = fill(truth.file, values);
    const files = inOrder((found.get(keyOf(values)) ?? []).filter(({ fields }) => agrees(wanted, fields)));
    const paths = files.map(({ path }) => path);
    if (files.length === 0)
      problems.push({ files: [truthFile], why: `its input ${fill(input.file, values)} is missing` });
    else if (!there.has(truthFile))
      problems.push(...paths.map((path) => ({ files: [path], why: `its truth ${truthFile} is missing` })));
    else if (free && variants.length > 1 && files.length > 1)
      problems.push({ files: paths, why: 'are several files with the same name' });
    else
      for (const { fields, path } of files)
        for (const part of parts) {
          const all = { ...fields, ...values, ...part };
          entries.push([named(there.get(truthFile)!, truth, all), named(path, input, all)]);
        }
  };
  const scenes = list === undefined ? scenesOf([...inputs.found, ...truths.found], scene) : listed(list, input, scene);
  for (const wanted of scenes) for (const variant of variants) if (agrees(wanted, variant)) pair(wanted, variant);
  return { entries, problems };
}

/** Name of a picture: the path of its file, and the part of the file that the template's text ends with. */
function named(path: string, { text, file }: Template, values: Fields): string {
  return `${path}${fill(text.slice(file.length), values)}`;
}

/** Order of names with numbers: 2 before 10. */
export const natural = new Intl.Collator('en', { numeric: true });
const inOrder = (files: readonly Found[]) => [...files].sort((a, b) => natural.compare(a.path, b.path));

/** True if two sets of values do not contradict each other. */
function agrees(a: Fields, b: Fields): boolean {
  return Object.entries(a).every(([name, value]) => b[name] === undefined || b[name] === value);
}

/** Lists the scenes of files, each once, in natural order. */
function scenesOf(files: readonly Found[], names: readonly string[]): Fields[] {
  const scenes = new Map(
    files.map(({ fields }) => {
      const scene = Object.fromEntries(names.map((name) => [name, fields[name]!]));
      return [names.map((name) => scene[name]).join('/'), scene];
    }),
  );
  return [...scenes].sort(([a], [b]) => natural.compare(a, b)).map(([, scene]) => scene);
}

/** Reads the fields of each line of a list. By default a line is an input's file name. */
function listed(
  { path, names, line }: NonNullable<PairingOptions['list']>,
  input: Template,
  scene: readonly string[],
): Fields[] {
  const last = input.file.split('/').at(-1)!;
  const whole = scene.every((name) => fieldsIn(last).includes(name)) ? last : input.file;
  const template = line === undefined ? { ...input, file: whole } : parseTemplate(line);
  const pattern = patternOf(template, template.file);
  return names.map((name) => {
    const match = pattern.exec(name);
    if (match !== null) return { ...match.groups };
    throw new UserError(
      `${path}: "${name}" is not a line like ${template.file}; check that the list belongs to this split`,
    );
  });
}
