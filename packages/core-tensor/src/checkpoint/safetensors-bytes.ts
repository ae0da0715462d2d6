import * as z from 'zod';
import { elements, type State, type TensorData } from '../graph/tensor-data.js';
import { UserError } from '../support/error.js';
import { fromHalf, HALF_BYTES } from './half.js';

/** Bytes per number of each supported type, by safetensors' name. */
const BYTES = { F16: HALF_BYTES, F32: 4, I64: 8 } as const;

/** Largest header that the format allows, 100 MB; a network of ours needs less than 1 MB. */
const HEADER_LIMIT = 100_000_000;

const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const Metadata = z.record(z.string(), z.string());

/** Tensors, with the texts stored beside them. */
export interface SafetensorsFile {
  readonly tensors: State;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Makes an error about a file. */
export type Bad = (what: string) => UserError;
export const badFile =
  (path: string): Bad =>
  (what) =>
    new UserError(`${path}: ${what}; use a complete checkpoint`);

/** Reads the length of the header from a file's first bytes. */
export function headerLengthOf(bytes: Uint8Array, bad: Bad): number {
  if (bytes.length < 8) throw bad(`not a safetensors file (${bytes.length} bytes long)`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > HEADER_LIMIT) throw bad('not a safetensors file (its header would be larger than allowed)');
  return length;
}

/** Parses the header of a file; `bytes` must contain all of it. */
export function headerOf(bytes: Uint8Array, length: number, bad: Bad) {
  if (8 + length > bytes.length) throw bad(`truncated in its header (${bytes.length} bytes long)`);
  let header: Record<string, unknown>;
  try {
    header = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))));
  } catch {
    throw bad('not a safetensors file (its header is not a JSON object)');
  }
  const { __metadata__ = {}, ...entries } = header;
  const metadata = Metadata.safeParse(__metadata__);
  if (!metadata.success) throw bad('its metadata is not an object of strings');
  return { metadata: metadata.data, entries };
}

/**
 * Parses the float32, float16 (as float32) and int64 tensors in the bytes of a .safetensors file.
 * @param name name of the file in messages
 * @throws UserError naming the file: not safetensors, truncated, tensors that overlap or reach past its end
 */
export function parseSafetensors(bytes: Uint8Array, name: string): SafetensorsFile {
  const bad = badFile(name);
  const headerLength = headerLengthOf(bytes, bad);
  const { metadata, entries } = headerOf(bytes, headerLength, bad);
  const body = bytes.subarray(8 + headerLength);
  const tensors: State = new Map();
  let end = 0;
  for (const [tensor, value] of Object.entries(entries).sort(byOffset)) {
    const entry = Entry.safeParse(value);
    if (!entry.success) throw bad(`tensor "${tensor}" is not described as the format requires`);
    const [start, stop] = entry.data.data_offsets;
    if (start !== end) throw bad(`tensor "${tensor}" overlaps another one or leaves a gap`);
    if (stop > body.length) throw bad(`truncated: tensor "${tensor}" ends at byte ${stop} of ${body.length}`);
    tensors.set(tensor, tensorFrom(body, tensor, entry.data, bad));
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
  // Copied, since the body may lie at any address and typed arrays need an aligned one.
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
