import { basename, extname, join } from 'node:path';
import { choicesText, type LeftOut, STANDARD } from '@unweather/core-tensor';
import { expand } from '../inputs/expand.js';
import type { FoundPicture } from '../inputs/found.js';
import { UsageError } from '../usage-error.js';

/** A picture to score. */
export interface Pair {
  /** Path below its folder, without the ending: what pairs the files. */
  readonly name: string;
  readonly result: string;
  /** Absent where nothing is compared with a truth. */
  readonly truth?: string;
}

/** A folder of results. */
export interface ResultFolder {
  /** Name of the folder, or its path where several folders have one name. */
  readonly label: string;
  readonly path: string;
  readonly pairs: readonly Pair[];
}

/** Folders of results, paired with the truths. */
export interface Pairing {
  readonly folders: readonly ResultFolder[];
  /** Pictures that are not scored, each with what it lacks: "a/x.png (no truth)". */
  readonly unpaired: readonly string[];
  /** Files of the folders that are no pictures. */
  readonly leftOut: readonly LeftOut[];
}

/** Options for pairing. */
export interface PairingOptions {
  readonly recursive: boolean;
  /** Output folder, which is left out of the results. */
  readonly out?: string | undefined;
}

/**
 * Pairs results with truths by their names without the ending; a result and a truth that are single files are a pair.
 * @param truth folder of the truths; absent where none is needed
 * @throws UsageError naming the folder that is missing or empty, files that share a name, or a folder without a pair
 */
export async function pairUp(
  results: readonly string[],
  truth: string | undefined,
  options: PairingOptions,
): Promise<Pairing> {
  const leftOut: LeftOut[] = [];
  const namesOf = async (path: string) => {
    if (path === STANDARD) throw new UsageError('standard input holds one picture; give folders');
    const examined = await expand([path], options);
    leftOut.push(...examined.leftOut);
    return byName(path, examined.pictures);
  };
  const truths = truth === undefined ? undefined : await namesOf(truth);
  const labels = labelsOf(results);
  const folders: ResultFolder[] = [];
  const unpaired: string[] = [];
  for (const [i, path] of results.entries()) {
    const found = await namesOf(path);
    const pairs: Pair[] = [];
    for (const [name, { path: result, below }] of found) {
      const target = truths?.get(name);
      if (truths === undefined) pairs.push({ name: name || below, result });
      else if (target === undefined) unpaired.push(`${result} (no truth)`);
      else pairs.push({ name: name || below, result, truth: target.path });
    }
    if (pairs.length === 0) throw nothingPaired(path, found, truth!, truths!);
    for (const [name, target] of truths ?? [])
      if (!found.has(name)) unpaired.push(`${target.path} (no result in ${labels[i]})`);
    folders.push({ label: labels[i]!, path, pairs });
  }
  return { folders, unpaired, leftOut };
}

/** Pictures by their paths without the ending; a file that was named itself has the empty name. */
function byName(path: string, pictures: readonly FoundPicture[]): Map<string, FoundPicture> {
  const names = new Map<string, FoundPicture>();
  for (const picture of pictures) {
    const { below, named } = picture;
    const name = named ? '' : below.slice(0, below.length - extname(below).length).replaceAll('\\', '/');
    const other = names.get(name);
    if (other !== undefined)
      throw new UsageError(
        `${path}: ${other.below} and ${below} have one name, so it is not clear which to score; move one of them`,
      );
    names.set(name, picture);
  }
  return names;
}

function nothingPaired(
  path: string,
  found: ReadonlyMap<string, FoundPicture>,
  truth: string,
  truths: ReadonlyMap<string, FoundPicture>,
): UsageError {
  const first = (of: ReadonlyMap<string, FoundPicture>) =>
    `${[...of.values()]
      .slice(0, 3)
      .map(({ below }) => below)
      .join(', ')}${of.size > 3 ? ', …' : ''}`;
  return new UsageError(
    `no picture of ${path} (${first(found)}) has the name of one of ${truth} (${first(truths)}); give result and truth ` +
      'the same name, whatever the ending',
  );
}

/** Names of the folders, or paths where several folders have one name. */
function labelsOf(results: readonly string[]): string[] {
  const names = results.map((path) => basename(join(path, '.')) || path);
  const twice = results.find((path, i) => results.indexOf(path) !== i);
  if (twice !== undefined) throw new UsageError(`${twice}: named twice; name each folder once`);
  return names.map((name, i) => (names.filter((other) => other === name).length > 1 ? results[i]! : name));
}

/** "2 pictures are not scored: a/x.png (no truth), …", with ten names at most; undefined if there are none. */
export function unpairedText(unpaired: readonly string[]): string | undefined {
  if (unpaired.length === 0) return undefined;
  const count = unpaired.length === 1 ? 'one picture has' : `${unpaired.length} pictures have`;
  return `${count} no partner of the same name: ${choicesText(unpaired)}`;
}
