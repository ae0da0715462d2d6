import { UserError } from '../support/error.js';
import { readStart, readWhole } from '../support/files.js';
import { writeWhole } from '../support/write-whole.js';
import { START_BYTES } from './format.js';
import { LARGEST_HALF, toHalf } from './half.js';
import { reading } from './reading.js';
import {
  badFile,
  headerLengthOf,
  headerOf,
  parseSafetensors,
  SAFETENSORS_REMEDY,
  type SafetensorsFile,
} from './safetensors-bytes.js';

/** safetensors' names for the types that a State holds. */
const TYPES = { float32: 'F32', int64: 'I64' } as const;

/** Options for writing tensors. */
export interface WriteOptions {
  /** Writes float32 tensors in half precision, rounded to the nearest, ties to even; default: false. */
  readonly half?: boolean;
}

/**
 * Writes a .safetensors file, whole or not at all.
 * @throws UserError naming the file when it cannot be written, and the tensor that half precision cannot hold
 */
export async function writeSafetensors(
  path: string,
  { tensors, metadata }: SafetensorsFile,
  { half = false }: WriteOptions = {},
): Promise<void> {
  const entries: [string, unknown][] = [['__metadata__', metadata]];
  const bytes: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    const halved = half && dtype === 'float32';
    const part = halved
      ? halfOf(data as Float32Array, name, path)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const dataOffsets = [offset, offset + part.length];
    entries.push([name, { dtype: halved ? 'F16' : TYPES[dtype], shape, data_offsets: dataOffsets }]);
    bytes.push(part);
    offset += part.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  // The data must start at a multiple of 8; the format pads its header with spaces.
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(padded.length), true);
  await writeWhole(path, new Uint8Array(length.buffer), padded, ...bytes);
}

function halfOf(numbers: Float32Array, name: string, path: string): Uint8Array {
  const bytes = toHalf(numbers);
  if (bytes !== undefined) return bytes;
  const largest = numbers.reduce((a, b) => (Number.isFinite(b) ? Math.max(a, Math.abs(b)) : a), 0);
  throw new UserError(
    `${path}: tensor "${name}" contains ${largest}, but half precision ends at ${LARGEST_HALF}; ` +
      'keep these weights in float32',
  );
}

const REMEDY = 'check the path of the checkpoint';

/** Reads the metadata of a .safetensors file, without its tensors. @throws UserError naming the file */
export async function readMetadata(path: string): Promise<SafetensorsFile['metadata']> {
  const length = headerLengthOf(await readStart(path, START_BYTES, REMEDY), path);
  const start = await readStart(path, 8 + length, REMEDY);
  return reading(path, SAFETENSORS_REMEDY, () => headerOf(start, length, badFile(path)).metadata);
}

/**
 * Reads a .safetensors file: floats of any width as float32, whole numbers and booleans as int64.
 * @throws UserError naming the file: missing, not safetensors, truncated, tensors that overlap or reach past its end
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  return parseSafetensors(await readWhole(path, REMEDY), path);
}
