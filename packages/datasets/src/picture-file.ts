import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import {
  type AnyPicture,
  cut,
  exists,
  messageOf,
  pictureSize,
  readPicture,
  readWhole,
  UserError,
  type Window,
} from '@unweather/core-tensor';
import { readHdf5Picture } from './hdf5.js';

/**
 * Name of a picture in a meta file: a file's path, then after "#" the part of the file: `#left` or `#right` for one
 * half of a picture that holds a pair side by side (DID-MDN), or the dataset of an HDF5 file (DCPDN: `1.h5#haze`);
 * then, if a truth is larger than its input (RESIDE), `#centre-620x460` for its centre.
 */
interface Reference {
  readonly file: string;
  readonly half?: 'left' | 'right';
  readonly dataset?: string;
  readonly centre?: { readonly width: number; readonly height: number };
}

function parse(name: string): Reference {
  const [, larger, width, height] = /^(.+)#centre-(\d+)x(\d+)$/.exec(name) ?? [];
  if (larger !== undefined) return { ...parse(larger), centre: { width: Number(width), height: Number(height) } };
  const [, file, half] = /^(.+)#(left|right)$/.exec(name) ?? [];
  if (file !== undefined) return { file, half: half as 'left' | 'right' };
  const [, container, dataset] = /^(.+\.h5)#(.+)$/i.exec(name) ?? [];
  return container === undefined ? { file: name } : { file: container, dataset: dataset! };
}

/**
 * Decodes a picture by its name.
 * @throws UserError naming the file: missing, unreadable, not a picture
 */
export async function openPicture(name: string): Promise<AnyPicture> {
  const { file, half, dataset, centre } = parse(name);
  const hdf5 = /\.h5$/i.test(file);
  const read = async () =>
    hdf5 ? readHdf5Picture(file, await readWhole(file, 'check the path'), dataset) : readPicture(file);
  let picture = await read().catch(namingTheNearest(file));
  if (half !== undefined) picture = cut(picture, halfOf(picture, half));
  return centre === undefined ? picture : cut(picture, centreOf(name, picture, centre));
}

/** Reads the size of a picture by its name; decodes no more than needed. @throws UserError as {@link openPicture} */
export async function sizeOf(name: string): Promise<{ width: number; height: number }> {
  const { file, half, centre } = parse(name);
  if (/\.h5$/i.test(file)) return openPicture(name);
  let size: { width: number; height: number } = await pictureSize(file).catch(namingTheNearest(file));
  if (half !== undefined) size = halfOf(size, half);
  return centre === undefined ? size : centreOf(name, size, centre);
}

/** Adds to the error of a missing file the name beside it that differs in case alone: "5.PNG" of "5.png". */
function namingTheNearest(file: string): (thrown: unknown) => Promise<never> {
  return async (thrown) => {
    if (!(thrown instanceof UserError) || (await exists(file))) throw thrown;
    const beside = await readdir(dirname(file)).catch(() => [] as string[]);
    const name = beside.find((other) => other.toLowerCase() === basename(file).toLowerCase());
    if (name === undefined) throw thrown;
    throw new UserError(`${messageOf(thrown)}; there is ${name}, write it so`);
  };
}

/** Finds the centre crop; half pixels are rounded to even, as by torchvision's CenterCrop. */
function centreOf(
  name: string,
  whole: { width: number; height: number },
  { width, height }: { width: number; height: number },
): Window {
  const [right, below] = [whole.width - width, whole.height - height];
  if (Math.min(right, below) < 0)
    throw new UserError(
      `${name}: is ${whole.width}×${whole.height}, smaller than the centre crop of ${width}×${height}; ` +
        'correct the meta file',
    );
  const before = (rest: number) => (rest % 4 === 1 ? Math.floor(rest / 2) : Math.round(rest / 2));
  return { left: before(right), top: before(below), width, height };
}

/** @throws UserError when the path leaves the half empty */
function halfOf({ width, height }: { width: number; height: number }, half: 'left' | 'right'): Window {
  const middle = Math.floor(width / 2);
  if (middle === 0) throw new UserError(`a picture of width ${width} cannot be halved; correct the meta file`);
  return half === 'left'
    ? { left: 0, top: 0, width: middle, height }
    : { left: middle, top: 0, width: width - middle, height };
}

/** Returns the file of a picture's name, without the part after "#". */
export function fileOf(name: string): string {
  return parse(name.replace(/#noise-[a-z0-9]+$/, '')).file;
}
