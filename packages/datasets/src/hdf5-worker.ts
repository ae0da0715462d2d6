import { parentPort } from 'node:worker_threads';
import { type AnyPicture, listed, messageOf, shown } from '@unweather/core-tensor';
import { type Dataset, File, Group } from 'jsfive';

/** Picture to read from an HDF5 file. */
export interface Hdf5Task {
  /** Bytes of the whole file. */
  readonly bytes: ArrayBuffer;
  readonly dataset: string | undefined;
}

/** Pixels, row by row, or why there are none: the rest of a message that names the file, or its dataset. */
export type Hdf5Answer = AnyPicture | { readonly problem: string; readonly ofDataset: boolean };

/** Most bytes that a byte of a compressed file can give: deflate's. */
const LARGEST_RATIO = 1032;

/** Bytes of one number of a type: '<f8', '|u1'. */
const TYPE = /^[<>|]?[uif]([1248])$/;

interface Bytes {
  readonly data: Uint8Array;
}
interface Floats {
  readonly data: Float32Array;
}

class Problem extends Error {
  constructor(
    message: string,
    readonly ofDataset = true,
  ) {
    super(message);
  }
}

parentPort?.on('message', (task: Hdf5Task) => {
  const answer = answerTo(task);
  parentPort?.postMessage(answer, 'data' in answer ? [answer.data.buffer as ArrayBuffer] : []);
});

function answerTo(task: Hdf5Task): Hdf5Answer {
  try {
    return read(task);
  } catch (thrown) {
    if (thrown instanceof Problem) return { problem: thrown.message, ofDataset: thrown.ofDataset };
    // Anything that jsfive throws, texts among it: its readers trust what a file says.
    return { problem: `not a readable HDF5 file (${shown(messageOf(thrown))}); replace the file`, ofDataset: false };
  }
}

function read({ bytes, dataset: name }: Hdf5Task): Hdf5Answer {
  const root = new File(bytes, '');
  const names = root.keys;
  if (names.length === 0) throw new Problem('an HDF5 file without datasets; replace the file', false);
  if (name === undefined || !names.includes(name))
    throw new Problem(`needs the name of a dataset; add "#" and one of ${listed(names)}`, false);
  const found = root.get(name) as Dataset | Group | null | undefined;
  if (found === null || found === undefined) throw new Problem('a link to nothing; replace the file');
  const isGroup = found instanceof Group;
  const shape: readonly unknown[] = isGroup ? [] : found.shape;
  const [height, width] = shape as readonly [number, number];
  if (shape.length !== 3 || shape[2] !== 3 || !isSide(height) || !isSide(width)) {
    const what = isGroup ? 'a group' : `[${shape.join(', ')}]`;
    throw new Problem(`${what}; a picture is a dataset of [height, width, 3]`);
  }
  return { width, height, ...numbersOf(found as Dataset, 3 * width * height, bytes.byteLength) };
}

function numbersOf(found: Dataset, count: number, fileBytes: number): Bytes | Floats {
  const [, size] = TYPE.exec(String(found.dtype)) ?? [];
  if (size === undefined) throw new Problem('holds no numbers; a picture is a dataset of bytes or of floats');
  if (count * Number(size) > fileBytes * LARGEST_RATIO)
    throw new Problem(`declares ${count} numbers, which a file of ${fileBytes} bytes cannot hold; replace the file`);
  const values = found.value as ArrayLike<unknown> | null | undefined;
  if (values?.length !== count)
    throw new Problem(`holds ${values?.length ?? 0} of the ${count} numbers that it declares; replace the file`);
  // Chunks that are missing leave gaps, which no typed array would show.
  for (let i = 0; i < count; i++)
    if (typeof values[i] !== 'number') throw new Problem(`lacks number ${i + 1} of ${count}; replace the file`);
  if (/u1$/.test(String(found.dtype))) return { data: Uint8Array.from(values as ArrayLike<number>) };
  const data = Float32Array.from(values as ArrayLike<number>);
  if (data.some((value) => !(value >= 0 && value <= 1)))
    throw new Problem('contains numbers outside [0, 1]; scale its floats to [0, 1]');
  return { data };
}

function isSide(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
