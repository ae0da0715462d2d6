import { type AnyPicture, choicesText, messageOf, UserError } from '@unweather/core-tensor';
import { File, Group } from 'jsfive';

/**
 * Reads a picture from an HDF5 file: a dataset of height × width × 3 bytes, as in AECR-Net's pairs, or of numbers in
 * [0, 1], as in DCPDN's.
 * @throws UserError naming the file and its datasets: not HDF5, no such dataset, another shape or range
 */
export function readHdf5Picture(path: string, bytes: Uint8Array, dataset: string | undefined): AnyPicture {
  const { root, names } = open(path, bytes);
  if (dataset === undefined || !names.includes(dataset))
    throw new UserError(`${path}: needs the name of a dataset; add "#" and one of ${choicesText(names)}`);
  const found = root.get(dataset);
  if (found instanceof Group || found.shape.length !== 3 || found.shape[2] !== 3)
    throw new UserError(
      `${path}#${dataset}: ${found instanceof Group ? 'a group' : `[${found.shape.join(', ')}]`}; ` +
        'a picture is a dataset of [height, width, 3]',
    );
  const [height, width] = found.shape as [number, number, number];
  if (/u1$/.test(String(found.dtype)))
    return { width, height, data: Uint8Array.from(found.value as ArrayLike<number>) };
  const data = Float32Array.from(found.value as ArrayLike<number>);
  if (data.some((value) => !(value >= 0 && value <= 1)))
    throw new UserError(`${path}#${dataset}: contains numbers outside [0, 1]; scale its floats to [0, 1]`);
  return { width, height, data };
}

function open(path: string, bytes: Uint8Array): { root: Group; names: readonly string[] } {
  try {
    const copy = bytes.slice().buffer;
    const root = new File(copy, path);
    return { root, names: root.keys };
  } catch (thrown) {
    throw new UserError(`${path}: not a readable HDF5 file (${messageOf(thrown)}); replace the file`);
  }
}
