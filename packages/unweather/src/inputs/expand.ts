import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { UsageError } from '../usage-error.js';
import { picturesIn } from './folder.js';
import { type FoundPicture, looksLikePicture, PICTURE_ENDINGS } from './found.js';

/** How inputs are read. */
export interface ExpandOptions {
  readonly recursive: boolean;
  /** What is written to: where it is a folder inside of one that is read, it is left out. */
  readonly out: string;
}

const ENDINGS = PICTURE_ENDINGS.join(', ');

/**
 * The pictures that the inputs of a command line stand for: files, folders and globs, in their order; one that is reached
 * twice is taken once.
 * @throws UsageError naming the input that is missing, or stands for no picture
 * @throws UserError naming a folder that cannot be read
 */
export async function expand(inputs: readonly string[], options: ExpandOptions): Promise<FoundPicture[]> {
  const found = new Map<string, FoundPicture>();
  for (const input of inputs)
    for (const picture of await picturesOf(input, options)) {
      const place = await placeOf(picture.path);
      if (!found.has(place)) found.set(place, picture);
    }
  return [...found.values()];
}

async function picturesOf(input: string, { recursive, out }: ExpandOptions): Promise<FoundPicture[]> {
  const kind = await stat(input).catch(() => undefined);
  if (kind?.isDirectory()) {
    const pictures = await picturesIn(input, { recursive, without: out });
    if (pictures.length > 0) return pictures;
    const remedy = recursive ? 'name another folder' : '--recursive looks into its folders';
    throw new UsageError(`${input}: there is no picture in this folder (${ENDINGS}); ${remedy}`);
  }
  // A file may have brackets in its name: what exists is no pattern.
  if (kind !== undefined) return [{ path: input, below: basename(input), named: true }];
  if (!isDynamicPattern(input)) throw new UsageError(`${input}: no such file or folder; check the path`);
  const pictures = await picturesLike(input, out);
  if (pictures.length > 0) return pictures;
  throw new UsageError(`${input}: no picture has a name like this (${ENDINGS}); check the pattern`);
}

/** The pictures of a glob. A loop of links leads to a file by several names: the shortest comes first. */
async function picturesLike(pattern: string, out: string): Promise<FoundPicture[]> {
  const slashes = sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const base = fixedPart(slashes);
  const paths = await glob(slashes, { expandDirectories: false });
  const depth = (path: string) => path.split('/').length;
  const pictures = paths.filter(looksLikePicture).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  const [from, to] = await Promise.all([base, out].map((path) => realpath(path).catch(() => undefined)));
  const apart = from === undefined || to === undefined || !to.startsWith(from + sep);
  const written = await Promise.all(pictures.map(async (path) => !apart && (await placeOf(path)).startsWith(to + sep)));
  return pictures.filter((_, i) => !written[i]).map((path) => ({ path, below: relative(base, path), named: false }));
}

/** The folders of a pattern before the first part that stands for several names. */
function fixedPart(pattern: string): string {
  const parts = pattern.split('/');
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => isDynamicPattern(part)),
  );
  return fixed.join('/') || (pattern.startsWith('/') ? '/' : '.');
}

/** Where a file lies: links among its folders are resolved, a link that it is itself is not. */
async function placeOf(path: string): Promise<string> {
  return join(await realpath(dirname(path)), basename(path));
}
