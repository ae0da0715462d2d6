import { messageOf, readText, UserError } from '@unweather/core-tensor';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';

const Value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
/** Options of `train` by their names without dashes; `set` holds changes of the recipe by key. */
const Options = z.looseObject({ set: z.record(z.string(), z.json()).optional() });

const SweepFile = z.strictObject({
  $schema: z.string().optional(),
  options: Options.optional(),
  runs: z.record(z.string().min(1), Options).optional(),
  grid: z.record(z.string().min(1), z.array(z.json()).min(1)).optional(),
});

type Options = z.infer<typeof Options>;

/** One training of a sweep. */
export interface SweepRun {
  /** Name, also of its folder. */
  readonly name: string;
  /** Arguments of `train`, without output folder and log format. */
  readonly options: readonly SweepOption[];
}

/** An option of `train` with its values. */
export interface SweepOption {
  readonly name: string;
  readonly values: readonly string[];
}

/**
 * Reads the list of a sweep: the runs of `runs`, each with every combination of the values in `grid`, which may name
 * options (`seed`) and keys of the recipe (`set.learningRate`). `options` are common to all.
 * @param known names of `train`'s options, without dashes
 * @throws UserError naming the file and what is wrong: not readable, no JSON, an unknown option, two runs of one name
 */
export async function readSweep(path: string, known: readonly string[]): Promise<SweepRun[]> {
  const bad = (what: string) => new UserError(`${path}: ${what}`);
  const { options = {}, runs = { '': {} }, grid = {} } = parsed(path, await readText(path, 'give the list of a sweep'));
  const found = Object.entries(runs).flatMap(([name, own]) =>
    combinations(grid).map((point) => {
      const parts = [name, ...point.map(([key, value]) => `${key.replace(/^set\./, '')}=${shown(value)}`)];
      return runOf(parts.filter(Boolean).join(' '), [options, own, asOptions(point)], known, bad);
    }),
  );
  if (found.some(({ name }) => name === '')) throw bad('names no runs; give "runs", "grid", or both');
  const folders = found.map(({ name }) => folderOf(name));
  const twice = folders.findIndex((folder, i) => folders.indexOf(folder) !== i);
  if (twice >= 0) throw bad(`two runs would take the folder "${folders[twice]}"; give them other names`);
  return found;
}

/** Folder of a run below the sweep's. */
export function folderOf(name: string): string {
  return name.replace(/[^\p{L}\p{N}.=_-]+/gu, '-');
}

function parsed(path: string, text: string): z.infer<typeof SweepFile> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw new UserError(`${path}: not JSON (${messageOf(thrown)}); give the list of a sweep`);
  }
  const result = SweepFile.safeParse(json);
  if (result.success) return result.data;
  const { path: place, message } = result.error.issues[0]!;
  throw new UserError(`${path}: ${place.length > 0 ? `${place.join('.')}: ` : ''}${message}; correct the file`);
}

/** Every combination of one value per key, the last key varying fastest. */
function combinations(grid: Readonly<Record<string, readonly unknown[]>>): (readonly [string, unknown])[][] {
  return Object.entries(grid).reduce<(readonly [string, unknown])[][]>(
    (points, [key, values]) => points.flatMap((point) => values.map((value) => [...point, [key, value] as const])),
    [[]],
  );
}

function asOptions(point: readonly (readonly [string, unknown])[]): Options {
  const set = point.filter(([key]) => key.startsWith('set.')).map(([key, value]) => [key.slice(4), value]);
  const others = point.filter(([key]) => !key.startsWith('set.'));
  return { ...Object.fromEntries(others), set: Object.fromEntries(set) };
}

function runOf(
  name: string,
  layers: readonly Options[],
  known: readonly string[],
  bad: (what: string) => UserError,
): SweepRun {
  const where = name === '' ? '' : ` of run "${name}"`;
  const set = Object.assign({}, ...layers.map((layer) => layer.set ?? {})) as Record<string, unknown>;
  const { set: _, ...merged } = Object.assign({}, ...layers) as Record<string, unknown>;
  const options = Object.entries(merged).map(([option, given]) => {
    if (!known.includes(option))
      throw bad(`there is no option "${option}"${where}; did you mean "${closest(option, known)}"?`);
    const value = Value.safeParse(given);
    if (!value.success) throw bad(`option "${option}"${where}: give a text, a number, true, or a list of texts`);
    return { option, value: value.data };
  });
  const changes = Object.entries(set).map(([key, value]) => `${key}=${shown(value)}`);
  return {
    name,
    options: [
      // An option that is false is left out, so that a run can take back what is common to all.
      ...options
        .filter(({ value }) => value !== false)
        .map(({ option, value }) => ({ name: option, values: texts(value) })),
      ...(changes.length > 0 ? [{ name: 'set', values: changes }] : []),
    ],
  };
}

function texts(value: z.infer<typeof Value>): string[] {
  if (value === true) return [];
  return Array.isArray(value) ? value : [String(value)];
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
