import { basename, dirname } from 'node:path/posix';
import { messageOf, UserError } from '@unweather/core-tensor';
import { grouped } from '../prepare/grouped.js';
import type { Entry, Problem } from '../prepare/pairing.js';
import { PICTURES } from '../prepare/scan.js';
import { parsesOf, parseTemplate, type Template } from '../prepare/template.js';
import { stemOf } from './files.js';

/** Result of matching the inputs of one folder with the truths of another. */
export interface Matched {
  /** Paths relative to the two folders. */
  readonly entries: readonly Entry[];
  /** Inputs that fit several truths, or the same truth by the same name. */
  readonly unclear: readonly Problem[];
}

/** Rule by which an input's name gives its truth's. */
export interface Rule {
  /** INPUT=TRUTH, as `--match` takes it. */
  readonly text: string;
  match(inputs: readonly string[], truths: readonly string[]): Matched;
}

/**
 * Makes a rule of two patterns, `{id}_{level}.png={id}.png`. Fields are those of datasets.json: `{id}` is any text
 * without "/", `{id:digits}` a number, `{level:1..14}` and `{level:light|heavy}` one of several. A pattern without an
 * ending fits every picture's. Patterns without "/" fit names, and the two files lie in the same subfolder; with "/",
 * they fit the paths below the two folders.
 * @throws UserError naming the part that cannot be used
 */
export function ruleOf(text: string): Rule {
  const sides = text.split('=');
  const refused = (why: string) =>
    new UserError(`--match ${text}: ${why}; write INPUT=TRUTH, for example '{id}_{level}.png={id}.png'`);
  if (sides.length !== 2) throw refused(`has ${sides.length - 1} signs "=", where one is needed`);
  if (text.includes('#')) throw refused('names a part of a file, which --halves is for');
  let parsed: Template[];
  try {
    parsed = sides.map((side) => parseTemplate(side.normalize()));
  } catch (thrown) {
    throw refused(messageOf(thrown));
  }
  const [input, truth] = parsed as [Template, Template];
  if (input.fields.size === 0 || truth.fields.size === 0) throw refused('one side has no field');
  for (const name of truth.fields.keys())
    if (!input.fields.has(name)) throw refused(`the truth has the field {${name}}, which the input lacks`);
  const whole = text.includes('/');
  const names = [...truth.fields.keys(), FOLDER];
  const [read, find] = [reader(input, whole, names), reader(truth, whole, names)];
  return { text, match: (inputs, truths) => matched(read, find, inputs, truths) };
}

/** Reads the scene of a path, as a key, in every way in which the path fits. */
type Reader = (path: string) => string[];

/** Name of the field for the folder, which no field of a pattern can have. */
const FOLDER = '';

function reader(template: Template, whole: boolean, names: readonly string[]): Reader {
  const ends = PICTURES.exec(template.file)?.[0];
  const named = ends === undefined ? template.file : stemOf(template.file);
  return (path) => {
    if (ends !== undefined && !path.toLowerCase().endsWith(ends.toLowerCase())) return [];
    const stem = stemOf(path).normalize();
    const folder = whole ? '' : dirname(stem);
    return parsesOf(template, named, whole ? stem : basename(stem)).map((fields) =>
      JSON.stringify(names.map((name) => (name === FOLDER ? folder : fields[name]))),
    );
  };
}

function matched(read: Reader, find: Reader, inputs: readonly string[], truths: readonly string[]): Matched {
  const scenes = grouped(
    truths.flatMap((path) => [...new Set(find(path))].map((key) => ({ path, key }))),
    ({ key }) => key,
  );
  const entries: Entry[] = [];
  const unclear: Problem[] = [];
  for (const path of inputs) {
    const fits = new Set(read(path).flatMap((key) => (scenes.get(key) ?? []).map((truth) => truth.path)));
    const [first, ...others] = fits;
    if (first === undefined) continue;
    if (others.length === 0) entries.push([first, path]);
    else unclear.push({ files: [path], why: `fits several truths: ${[first, ...others].slice(0, 3).join(', ')}` });
  }
  const twice = new Set<Entry>();
  for (const same of grouped(entries, ([path, from]) => JSON.stringify([path, stemOf(from).normalize()])).values()) {
    if (same.length === 1) continue;
    for (const entry of same) twice.add(entry);
    unclear.push({ files: same.map(([, from]) => from), why: 'have one name and one truth' });
  }
  return { entries: entries.filter((entry) => !twice.has(entry)), unclear };
}
