import {
  type AnyPicture,
  cut,
  pictureSize,
  readPicture,
  readWhole,
  UserError,
  type Window,
} from '@unweather/core-tensor';
import { readHdf5Picture } from './hdf5.js';

/**
 * The name of a picture in a meta file: a file's path, and behind "#" which part of the file it is: `#left` and
 * `#right` halves of a picture that holds a pair side by side (DID-MDN), or the dataset of an HDF5 file (DCPDN:
 * `1.h5#haze`); then, where a truth is larger than its input (RESIDE), `#centre-620x460`, its middle.
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
 * Decodes the picture of a name.
 * @throws UserError naming the file: missing, unreadable, no picture
 */
export async function openPicture(name: string): Promise<AnyPicture> {
  const { file, half, dataset, centre } = parse(name);
  const hdf5 = /\.h5$/i.test(file);
  let picture = hdf5
    ? readHdf5Picture(file, await readWhole(file, 'check the path'), dataset)
    : await readPicture(file);
  if (half !== undefined) picture = cut(picture, halfOf(picture, half));
  return centre === undefined ? picture : cut(picture, centreOf(name, picture, centre));
}

/** Size of the picture of a name; decodes no more than it must. @throws UserError as {@link openPicture} */
export async function sizeOf(name: string): Promise<{ width: number; height: number }> {
  const { file, half, centre } = parse(name);
  if (/\.h5$/i.test(file)) return openPicture(name);
  let size: { width: number; height: number } = await pictureSize(file);
  if (half !== undefined) size = halfOf(size, half);
  return centre === undefined ? size : centreOf(name, size, centre);
}

/** Where the middle lies; halves of a pixel go to the even side, as torchvision's CenterCrop has them. */
function centreOf(
  name: string,
  whole: { width: number; height: number },
  { width, height }: { width: number; height: number },
): Window {
  const [right, below] = [whole.width - width, whole.height - height];
  if (Math.min(right, below) < 0)
    throw new UserError(`${name}: is ${whole.width}×${whole.height}, smaller than its middle; correct the meta file`);
  const before = (rest: number) => (rest % 4 === 1 ? Math.floor(rest / 2) : Math.round(rest / 2));
  return { left: before(right), top: before(below), width, height };
}

/** @throws UserError when the path leaves the half empty */
function halfOf({ width, height }: { width: number; height: number }, half: 'left' | 'right'): Window {
  const middle = Math.floor(width / 2);
  if (middle === 0) throw new UserError(`a picture ${width} wide has no halves; correct the meta file`);
  return half === 'left'
    ? { left: 0, top: 0, width: middle, height }
    : { left: middle, top: 0, width: width - middle, height };
}

/** The file of a name, without what stands behind "#". */
export function fileOf(name: string): string {
  return parse(name.replace(/#noise-[a-z0-9]+$/, '')).file;
}
