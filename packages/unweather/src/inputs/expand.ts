import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { STANDARD } from '@unweather/core-tensor';
import { isDynamicPattern } from 'tinyglobby';
import { UsageError } from '../usage-error.js';
import { picturesIn } from './folder.js';
import { type FoundPicture, looksLikePicture, PICTURE_ENDINGS } from './found.js';
import { filesLike } from './pattern.js';

/** Options for reading inputs. */
export interface ExpandOptions {
  readonly recursive: boolean;
  /** Output path; left out if it is a folder inside one that is read. */
  readonly out: string;
}

const ENDINGS = PICTURE_ENDINGS.join(', ');

/**
 * Finds the pictures of a command line's inputs: files, folders, globs and "-" for standard input, in their order; a
 * picture that is reached twice is taken once.
 * @throws UsageError naming the input that is missing, or matches no picture
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
  if (input === STANDARD) return [{ path: STANDARD, below: STANDARD, named: true }];
  const kind = await stat(input).catch(() => undefined);
  if (kind?.isDirectory()) {
    const pictures = await picturesIn(input, { recursive, without: out });
    if (pictures.length > 0) return pictures;
    const remedy = recursive ? 'choose another folder' : 'add --recursive to search its subfolders';
    throw new UsageError(`${input}: there is no picture in this folder (${ENDINGS}); ${remedy}`);
  }
  // An existing file is no pattern: its name may contain brackets.
  if (kind !== undefined) return [{ path: input, below: basename(input), named: true }];
  if (!isDynamicPattern(input)) throw new UsageError(`${input}: no such file or folder; check the path`);
  const pictures = await picturesLike(input, out);
  if (pictures.length > 0) return pictures;
  throw new UsageError(`${input}: no picture matches this pattern (${ENDINGS}); check the pattern`);
}

/** Finds the pictures of a glob. In a loop of links a file has several paths: the shortest comes first. */
async function picturesLike(pattern: string, out: string): Promise<FoundPicture[]> {
  const { base, paths } = await filesLike(pattern);
  const depth = (path: string) => path.split('/').length;
  const pictures = paths.filter(looksLikePicture).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  const [from, to] = await Promise.all([base, out].map((path) => realpath(path).catch(() => undefined)));
  const apart = from === undefined || to === undefined || !to.startsWith(from + sep);
  const written = await Promise.all(pictures.map(async (path) => !apart && (await placeOf(path)).startsWith(to + sep)));
  return pictures.filter((_, i) => !written[i]).map((path) => ({ path, below: relative(base, path), named: false }));
}

/** Real path of a file: links among its folders are resolved; if the file itself is a link, it is not. */
async function placeOf(path: string): Promise<string> {
  return join(await realpath(dirname(path)), basename(path));
}
