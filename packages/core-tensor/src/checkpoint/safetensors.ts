import { z } from 'zod';
import { elements, type State, type TensorData } from '../graph/tensor-data.js';
import { UserError } from '../support/error.js';
import { readStart, readWhole, writeWhole } from '../support/files.js';
import { fromHalf, HALF_BYTES, LARGEST_HALF, toHalf } from './half.js';

/** safetensors' own names of the types that a State holds. */
const TYPES = { float32: 'F32', int64: 'I64' } as const;
const BYTES = { F16: HALF_BYTES, F32: 4, I64: 8 } as const;

/** The format allows 100 MB; a network of ours needs less than 1 MB. */
const HEADER_LIMIT = 100_000_000;

const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const Metadata = z.record(z.string(), z.string());

/** Tensors with the texts that travel beside them. */
export interface SafetensorsFile {
  readonly tensors: State;
  readonly metadata: Readonly<Record<string, string>>;
}

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
  const header: Record<string, unknown> = { __metadata__: metadata };
  const bytes: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    const halved = half && dtype === 'float32';
    const part = halved
      ? halfOf(data as Float32Array, name, path)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    header[name] = { dtype: halved ? 'F16' : TYPES[dtype], shape, data_offsets: [offset, offset + part.length] };
    bytes.push(part);
    offset += part.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
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
    `${path}: tensor "${name}" holds ${largest}, half precision ends at ${LARGEST_HALF}; keep these weights in float32`,
  );
}

const REMEDY = 'check the path of the checkpoint';

/** Makes the errors of a file. */
type Bad = (what: string) => UserError;
const badFile =
  (path: string): Bad =>
  (what) =>
    new UserError(`${path}: ${what}; use a checkpoint that is whole`);

/** How long the header is that a file's first bytes announce. */
function headerLengthOf(bytes: Buffer, bad: Bad): number {
  if (bytes.length < 8) throw bad(`not a safetensors file (${bytes.length} bytes long)`);
  const length = Number(bytes.readBigUInt64LE(0));
  if (length > HEADER_LIMIT) throw bad('not a safetensors file (its header would be larger than allowed)');
  return length;
}

/** The header of a file, of which at least that is given. */
function headerOf(bytes: Buffer, length: number, bad: Bad) {
  if (8 + length > bytes.length) throw bad(`truncated in its header (${bytes.length} bytes long)`);
  let header: Record<string, unknown>;
  try {
    header = z.record(z.string(), z.unknown()).parse(JSON.parse(bytes.toString('utf8', 8, 8 + length)));
  } catch {
    throw bad('not a safetensors file (its header is not a JSON object)');
  }
  const { __metadata__ = {}, ...entries } = header;
  const metadata = Metadata.safeParse(__metadata__);
  if (!metadata.success) throw bad('its metadata is not a table of texts');
  return { metadata: metadata.data, entries };
}

/** The texts of a .safetensors file, whose tensors are not read. @throws UserError naming the file */
export async function readMetadata(path: string): Promise<SafetensorsFile['metadata']> {
  const bad = badFile(path);
  const length = headerLengthOf(await readStart(path, 8, REMEDY), bad);
  return headerOf(await readStart(path, 8 + length, REMEDY), length, bad).metadata;
}

/**
 * Reads a .safetensors file of float32, float16 (which becomes float32, exactly) and int64 tensors.
 * @throws UserError naming the file: missing, not safetensors, truncated, tensors that overlap or reach past its end
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  const bytes = await readWhole(path, REMEDY);
  const bad = badFile(path);
  const headerLength = headerLengthOf(bytes, bad);
  const { metadata, entries } = headerOf(bytes, headerLength, bad);
  const body = bytes.subarray(8 + headerLength);
  const tensors: State = new Map();
  let end = 0;
  for (const [name, value] of Object.entries(entries).sort(byOffset)) {
    const entry = Entry.safeParse(value);
    if (!entry.success) throw bad(`tensor "${name}" is not described as the format asks`);
    const [start, stop] = entry.data.data_offsets;
    if (start !== end) throw bad(`tensor "${name}" overlaps another one or leaves a gap`);
    if (stop > body.length) throw bad(`truncated: tensor "${name}" ends at byte ${stop} of ${body.length}`);
    tensors.set(name, tensorFrom(body, name, entry.data, bad));
    end = stop;
  }
  if (end !== body.length) throw bad(`${body.length - end} bytes follow the last tensor`);
  return { tensors, metadata };
}

function tensorFrom(
  body: Uint8Array,
  name: string,
  { dtype, shape, data_offsets: [start, stop] }: z.infer<typeof Entry>,
  bad: Bad,
): TensorData {
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'I64')
    throw bad(`tensor "${name}" is ${dtype}; only F32, F16 and I64 are read`);
  if (stop - start !== elements(shape) * BYTES[dtype])
    throw bad(
      `tensor "${name}" has ${stop - start} bytes, its shape [${shape}] needs ${elements(shape) * BYTES[dtype]}`,
    );
  if (dtype === 'F16') return { dtype: 'float32', shape, data: fromHalf(body.subarray(start, stop)) };
  // A copy of its own: the body may lie at any address, typed arrays ask for an aligned one.
  const { buffer } = new Uint8Array(body.subarray(start, stop));
  return dtype === 'F32'
    ? { dtype: 'float32', shape, data: new Float32Array(buffer) }
    : { dtype: 'int64', shape, data: new BigInt64Array(buffer) };
}

function byOffset(a: [string, unknown], b: [string, unknown]): number {
  return offsetOf(a[1]) - offsetOf(b[1]);
}

function offsetOf(entry: unknown): number {
  const parsed = Entry.safeParse(entry);
  return parsed.success ? parsed.data.data_offsets[0] : 0;
}
