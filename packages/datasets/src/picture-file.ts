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
 * `#right` halves of a picture that holds a pair side by side (DID-MDN), or the dataset of an HDF5 file (DCPDN: `1.h5#haze`).
 */
interface Reference {
  readonly file: string;
  readonly half?: 'left' | 'right';
  readonly dataset?: string;
}

function parse(name: string): Reference {
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
  const { file, half, dataset } = parse(name);
  if (/\.h5$/i.test(file)) return readHdf5Picture(file, await readWhole(file, 'check the path'), dataset);
  const picture = await readPicture(file);
  return half === undefined ? picture : cut(picture, halfOf(picture, half));
}

/** Size of the picture of a name; decodes no more than it must. @throws UserError as {@link openPicture} */
export async function sizeOf(name: string): Promise<{ width: number; height: number }> {
  const { file, half } = parse(name);
  if (/\.h5$/i.test(file)) return openPicture(name);
  const size = await pictureSize(file);
  return half === undefined ? size : halfOf(size, half);
}

/** @throws UserError when the path leaves the half empty */
function halfOf({ width, height }: { width: number; height: number }, half: 'left' | 'right'): Window {
  const middle = Math.floor(width / 2);
  if (middle === 0) throw new UserError(`a picture ${width} wide has no halves; correct the meta file`);
  return half === 'left'
    ? { left: 0, top: 0, width: middle, height }
    : { left: middle, top: 0, width: width - middle, height };
}
