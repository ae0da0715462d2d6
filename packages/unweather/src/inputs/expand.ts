import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileReason, findPictures, isClutter, type LeftOut, leftOutText, STANDARD } from '@unweather/core-tensor';
import { isDynamicPattern } from 'tinyglobby';
import { UsageError } from '../usage-error.js';
import { filesIn } from './folder.js';
import { type Examined, type FoundPicture, isIgnored } from './found.js';
import { filesLike } from './pattern.js';

/** Options for reading inputs. */
export interface ExpandOptions {
  readonly recursive: boolean;
  /** Output path, if there is one; left out if it is a folder inside one that is read. */
  readonly out?: string | undefined;
}

/**
 * Finds the pictures of a command line's inputs: files, folders, globs and "-" for standard input, in their order; a
 * picture that is reached twice is taken once. In folders and globs the content of a file decides whether it is a
 * picture.
 * @throws UsageError naming the input that is missing, or matches no picture
 * @throws UserError naming a folder that cannot be read
 */
export async function expand(inputs: readonly string[], options: ExpandOptions): Promise<Examined> {
  const found = new Map<string, FoundPicture>();
  const leftOut = new Map<string, LeftOut>();
  for (const input of inputs) {
    const of = await examinedOf(input, options);
    for (const picture of of.pictures) {
      const place = await placeOf(picture.path);
      if (!found.has(place)) found.set(place, picture);
    }
    for (const file of of.leftOut) leftOut.set(await placeOf(file.path), file);
  }
  return { pictures: [...found.values()], leftOut: [...leftOut.values()] };
}

async function examinedOf(input: string, { recursive, out }: ExpandOptions): Promise<Examined> {
  if (input === STANDARD) return { pictures: [{ path: STANDARD, below: STANDARD, named: true }], leftOut: [] };
  let failure: unknown;
  const kind = await stat(input).catch((thrown: unknown) => {
    failure = thrown;
  });
  if (kind?.isDirectory()) {
    const examined = await findPictures(await filesIn(input, { recursive, without: out }));
    if (examined.pictures.length > 0) return examined;
    const remedy = recursive ? 'choose another folder' : 'add --recursive to search its subfolders';
    throw new UsageError(`${input}: there is no picture in this folder${othersText(examined)}; ${remedy}`);
  }
  // A pipe, such as that of <(…), can be read only once: when it is restored.
  if (kind !== undefined && !kind.isFile())
    return { pictures: [{ path: input, below: basename(input), named: true }], leftOut: [] };
  // An existing file is no pattern: its name may contain brackets.
  if (kind !== undefined) return findPictures<FoundPicture>([{ path: input, below: basename(input), named: true }]);
  if (!isDynamicPattern(input)) throw new UsageError(`${input}: ${fileReason(failure)}; check the path`);
  const examined = await findPictures(await foundLike(input, out));
  if (examined.pictures.length > 0) return examined;
  throw new UsageError(`${input}: no picture matches this pattern${othersText(examined)}; check the pattern`);
}

/** " (3 other files: a.txt, …)", so that nobody wonders whether a folder was read at all. */
function othersText({ leftOut }: Examined): string {
  if (leftOut.length === 0) return '';
  const { length } = leftOut;
  return ` (${length} other ${length === 1 ? 'file' : 'files'}: ${leftOutText(leftOut, 3)})`;
}

/**
 * Finds the files of a glob. In a loop of links a file has several paths: the shortest comes first. A folder that
 * cannot be read is among the files, as in {@link filesIn}.
 */
async function foundLike(pattern: string, out: string | undefined): Promise<FoundPicture[]> {
  const { base, paths, unread } = await filesLike(pattern);
  const depth = (path: string) => path.split('/').length;
  const pictures = [...paths, ...unread]
    .filter((path) => !isIgnored(basename(path)) && !path.split('/').some(isClutter))
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  const placed = async (path: string | undefined) =>
    path === undefined ? undefined : realpath(path).catch(() => undefined);
  const [from, to] = await Promise.all([base, out].map(placed));
  const apart = from === undefined || to === undefined || !to.startsWith(from + sep);
  const written = await Promise.all(pictures.map(async (path) => !apart && (await placeOf(path)).startsWith(to + sep)));
  return pictures.filter((_, i) => !written[i]).map((path) => ({ path, below: relative(base, path), named: false }));
}

/** Real path of a file: links among its folders are resolved, where they can be; the file itself may be a link. */
async function placeOf(path: string): Promise<string> {
  const folder = dirname(path);
  return join(await realpath(folder).catch(() => resolve(folder)), basename(path));
}
