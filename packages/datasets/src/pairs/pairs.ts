import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileReason, UserError, writeWhole } from '@unweather/core-tensor';
import { metaText, pairOf } from '../meta.js';
import type { Entry, Problem } from '../prepare/pairing.js';
import type { Reporter } from '../report.js';
import { checkSizes } from './check-sizes.js';
import { contentMatch } from './content.js';
import { picturesIn } from './files.js';
import { counted, type Leftovers, remaining, summary } from './leftovers.js';
import { type PairsOptions, type PairsSource, sourceOf } from './options.js';
import { type Place, placeOf } from './place.js';
import { type Matched, ruleOf } from './rule.js';
import { splitByScene } from './scenes.js';
import { usualFit } from './usual-rules.js';
import { degradedNames, writeDegraded } from './write-degraded.js';

/** Pairs by their names, before their sizes are compared. */
interface Named {
  /** Paths relative to the root. */
  readonly entries: readonly Entry[];
  readonly left: Leftovers;
  /** Sentence that names the rule. */
  readonly how: string;
}

/**
 * Pairs the pictures of one's own folders and writes a meta file, or two of different scenes. Writes nothing if more
 * files are left over, or pairs unusable, than allowed.
 * @returns the meta files: of all pairs, or of those to train on and of those that are held out
 * @throws UserError naming the first files that are left over or unusable, and their count
 * @throws Interrupted once the signal is aborted
 */
export async function pairFolders(options: PairsOptions, reporter: Reporter, signal?: AbortSignal): Promise<string[]> {
  const source = sourceOf(options);
  const folders = source.kind === 'folders' ? [source.truth, source.input] : [folderOf(source)];
  for (const folder of folders) await requireFolder(folder);
  requireOutside(folders, options.write);
  const work = (what: string, total: number) => ({
    signal,
    done: (count: number) => reporter.progress(what, count, total),
  });
  const place = placeOf(options.out, folders);
  const named = await namedPairs(source, options.match, place, work);
  reporter.say(named.how);
  const files = named.entries.map(([truth, input]) => [truth, source.kind === 'degrade' ? truth : input] as const);
  const sized = await checkSizes(place.root, files, options.centre, work('sizes', new Set(files.flat()).size));
  const entries = source.kind === 'degrade' ? degraded(sized.entries, source.weathers) : sized.entries;
  requireEnough(entries, withProblems(named.left, sized.problems), options, reporter);

  if (options.write !== undefined && source.kind === 'degrade') {
    const sources = entries.map(([truth, input], index) =>
      pairOf(`entry ${index}`, join(place.root, truth), join(place.root, input)),
    );
    degradedNames(resolve(source.truth), sources);
  }
  const metas = await writeMetas(entries, place, options, reporter, work);
  if (place.apart) reporter.say(`the paths are relative to ${place.root}; give it with --root`);
  if (options.write !== undefined && source.kind === 'degrade')
    for (const meta of metas) {
      const where = { truths: source.truth, folder: options.write, seed: options.seed };
      const count = await writeDegraded(meta, place.root, where, work('pictures', entries.length));
      reporter.say(`wrote the ${counted(count, 'input')} of ${meta} to ${options.write}`);
    }
  return metas;
}

type Work = (what: string, total: number) => Parameters<typeof checkSizes>[3];

const folderOf = (source: PairsSource) => (source.kind === 'halves' ? source.folder : source.truth);

async function namedPairs(
  source: PairsSource,
  match: string | undefined,
  { below }: Place,
  work: Work,
): Promise<Named> {
  const none = { inputs: [], truths: [], problems: [], count: 0 };
  if (source.kind !== 'folders') {
    const folder = folderOf(source);
    const paths = (await picturesIn(folder)).map((path) => below(folder, path));
    if (source.kind === 'degrade')
      return { entries: paths.map((path) => [path, path]), left: none, how: `pictures: ${paths.length}` };
    const [truth, input] = source.truthHalf === 'left' ? ['left', 'right'] : ['right', 'left'];
    const entries = paths.map((path) => [`${path}#${truth}`, `${path}#${input}`] as const);
    return { entries, left: none, how: `the ${truth} halves are the truths` };
  }
  const truths = await picturesIn(source.truth, source.input);
  const inputs = await picturesIn(source.input, source.truth);
  let matched: Matched;
  let rule: string;
  if (match === 'content') {
    rule = 'content';
    matched = await contentMatch(source, inputs, truths, work('contents', inputs.length + truths.length));
  } else if (match === undefined) {
    const fit = usualFit(inputs, truths, source.input);
    rule = `'${fit.rule}'`;
    matched = fit;
  } else {
    rule = `'${match}'`;
    matched = ruleOf(match).match(inputs, truths);
  }
  const entries = matched.entries.map(
    ([truth, input]) => [below(source.truth, truth), below(source.input, input)] as const,
  );
  const count = new Set(entries.map(([truth]) => truth)).size;
  const how = `${counted(entries.length, 'input')} fit ${counted(count, 'truth')} by --match ${rule}`;
  return { entries, left: remaining(inputs, truths, matched), how };
}

function degraded(entries: readonly Entry[], weathers: readonly string[]): Entry[] {
  return entries.flatMap(([truth]) => weathers.map((weather) => [truth, `${truth}#${weather}`] as const));
}

function withProblems(left: Leftovers, problems: readonly Problem[]): Leftovers {
  return { ...left, problems: [...left.problems, ...problems], count: left.count + problems.length };
}

/** @throws UserError if more is left over than allowed, or nothing is paired */
function requireEnough(
  entries: readonly Entry[],
  left: Leftovers,
  { out, allowPartial }: PairsOptions,
  reporter: Reporter,
): void {
  if (left.count === 0) return;
  const counts = `${counted(entries.length, 'pair')}; ${summary(left)}`;
  if (entries.length === 0) throw new UserError(`${out}: ${counts}; correct the files or the rule`);
  if (left.count > allowPartial)
    throw new UserError(`${out}: ${counts}; correct them, or continue without them by --allow-partial ${left.count}`);
  reporter.say(`left out: ${summary(left)}`);
}

async function writeMetas(
  entries: readonly Entry[],
  place: Place,
  { out, heldOut, seed }: PairsOptions,
  reporter: Reporter,
  work: Work,
): Promise<string[]> {
  const write = async (path: string, list: readonly Entry[], what: string) => {
    await writeWhole(path, metaText(list));
    reporter.say(`${path}: ${counted(list.length, 'pair')}${what}`);
    reporter.wrote(path);
    return path;
  };
  if (heldOut === undefined) return [await write(out, entries, '')];
  const count = new Set(entries.map(([truth]) => truth)).size;
  const split = await splitByScene(place.root, entries, heldOut, seed, work('scenes', count));
  if (split.alike > 0) reporter.say(`truths that show the scene of another, and stay with it: ${split.alike}`);
  const [train, held] = split.scenes;
  return [
    await write(out, split.train, ` of ${counted(train, 'scene')}, to train on`),
    await write(out.replace(/(\.json)?$/, '.held-out.json'), split.heldOut, ` of ${counted(held, 'scene')}, held out`),
  ];
}

async function requireFolder(folder: string): Promise<void> {
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (thrown) {
    throw new UserError(`${folder}: cannot be read (${fileReason(thrown)}); check the path of the folder`);
  }
  throw new UserError(`${folder}: is a file; give a folder of pictures`);
}

/** @throws UserError if degraded pictures would be written among the clean ones */
function requireOutside(folders: readonly string[], write: string | undefined): void {
  const inside = folders.find(
    (folder) => write !== undefined && !relative(resolve(folder), resolve(write)).startsWith('..'),
  );
  if (inside !== undefined)
    throw new UserError(
      `--write ${write}: lies in ${inside}${sep}, whose pictures are the truths; give another folder`,
    );
}
