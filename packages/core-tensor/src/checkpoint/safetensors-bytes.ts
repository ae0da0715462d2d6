import * as z from 'zod';
import { elements, type State } from '../graph/tensor-data.js';
import { UserError } from '../support/error.js';
import { quoted, shown } from '../support/shown.js';
import { recognise, START_BYTES, strangerText } from './format.js';
import { isNumberType, NUMBER_BYTES, tensorFrom } from './numbers.js';
import { reading } from './reading.js';

/** Largest header that the format allows, 100 MB; a network of ours needs less than 1 MB. */
const HEADER_LIMIT = 100_000_000;

const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()).max(64),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
type Entry = z.infer<typeof Entry>;

/** Tensors, with the texts stored beside them. */
export interface SafetensorsFile {
  readonly tensors: State;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Makes an error about a file. */
export type Bad = (what: string, remedy?: string) => UserError;
export const SAFETENSORS_REMEDY = 'use a complete checkpoint';
export const badFile =
  (path: string): Bad =>
  (what, remedy = SAFETENSORS_REMEDY) =>
    new UserError(`${path}: ${what}; ${remedy}`);

/** Reads the length of the header from a file's first bytes, and names a file of another format. */
export function headerLengthOf(bytes: Uint8Array, path: string): number {
  const bad = badFile(path);
  const start = bytes.subarray(0, START_BYTES);
  const found = recognise(start);
  if (found === 'safetensors') {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    if (length > HEADER_LIMIT) throw bad('not a safetensors file (its header would be larger than allowed)');
    return length;
  }
  if (typeof found === 'object' && found !== null) throw new UserError(`${path}: ${strangerText(found, start)}`);
  if (found !== undefined) throw new UserError(`${path}: ${otherFormat(found)}; here, only .safetensors is read`);
  if (bytes.length <= 8) throw bad(`not a safetensors file (${bytes.length} bytes long)`);
  throw new UserError(`${path}: ${strangerText(undefined, start)}`);
}

function otherFormat(format: 'shards' | 'pytorch' | 'numpy'): string {
  if (format === 'pytorch') return 'it is a PyTorch checkpoint, whatever its name';
  return format === 'numpy' ? 'it is a NumPy archive' : 'it is a JSON file, for instance the index of several files';
}

/** Parses the header of a file; `bytes` must contain all of it. */
export function headerOf(bytes: Uint8Array, length: number, bad: Bad) {
  if (8 + length > bytes.length) throw bad(`truncated in its header (${bytes.length} bytes long)`);
  const header = objectOf(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  if (header === undefined) throw bad('not a safetensors file (its header is not a JSON object)');
  const { __metadata__ = {}, ...entries } = header;
  if (!isRecordOfTexts(__metadata__)) throw bad('its metadata is not an object of strings');
  return { metadata: __metadata__, entries };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecordOfTexts(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

/**
 * Parses the bytes of a .safetensors file: floats of any width as float32, whole numbers and booleans as int64.
 * @param name name of the file in messages
 * @throws UserError naming the file: not safetensors, truncated, tensors that overlap or reach past its end
 */
export function parseSafetensors(bytes: Uint8Array, name: string): SafetensorsFile {
  return reading(name, SAFETENSORS_REMEDY, () => parse(bytes, name));
}

function parse(bytes: Uint8Array, name: string): SafetensorsFile {
  const bad = badFile(name);
  const headerLength = headerLengthOf(bytes, name);
  const { metadata, entries } = headerOf(bytes, headerLength, bad);
  const body = bytes.subarray(8 + headerLength);
  const tensors: State = new Map();
  let end = 0;
  for (const [tensor, entry] of inOrder(entries, bad)) {
    const [start, stop] = entry.data_offsets;
    if (start !== end) throw bad(`tensor ${quoted(tensor)} overlaps another one or leaves a gap`);
    if (stop > body.length) throw bad(`truncated: tensor ${quoted(tensor)} ends at byte ${stop} of ${body.length}`);
    tensors.set(tensor, tensorOf(body, tensor, entry, bad));
    end = stop;
  }
  if (end !== body.length) throw bad(`${body.length - end} bytes follow the last tensor`);
  return { tensors, metadata };
}

/** Entries of a header, in the order of their bytes. */
function inOrder(entries: Readonly<Record<string, unknown>>, bad: Bad): [string, Entry][] {
  const all = Object.entries(entries).map(([name, value]): [string, Entry] => {
    const entry = Entry.safeParse(value);
    if (!entry.success) throw bad(`tensor ${quoted(name)} is not described as the format requires`);
    return [name, entry.data];
  });
  return all.sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
}

function tensorOf(body: Uint8Array, name: string, { dtype, shape, data_offsets: [start, stop] }: Entry, bad: Bad) {
  if (!isNumberType(dtype))
    throw bad(
      `tensor ${quoted(name)} is ${shown(dtype)}; only ${Object.keys(NUMBER_BYTES).join(', ')} are read`,
      'convert it to F16 or F32',
    );
  const needed = elements(shape) * NUMBER_BYTES[dtype];
  if (stop - start !== needed)
    throw bad(`tensor ${quoted(name)} has ${stop - start} bytes, its shape [${shape}] needs ${needed}`);
  return tensorFrom(dtype, shape, body.subarray(start, stop));
}
