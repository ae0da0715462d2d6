import { readStart, readWhole, writeWhole } from '../support/files.js';
import { badFile, headerLengthOf, headerOf, parseSafetensors, type SafetensorsFile } from './safetensors-bytes.js';

/** safetensors' own names of the types that a State holds. */
const TYPES = { float32: 'F32', int64: 'I64' } as const;

/**
 * Writes a .safetensors file, whole or not at all.
 * @throws UserError naming the file when it cannot be written
 */
export async function writeSafetensors(path: string, { tensors, metadata }: SafetensorsFile): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    header[name] = { dtype: TYPES[dtype], shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // The data must start at a multiple of 8; the format pads its header with spaces.
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(padded.length), true);
  const bytes = [...tensors.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  await writeWhole(path, new Uint8Array(length.buffer), padded, ...bytes);
}

const REMEDY = 'check the path of the checkpoint';

/** The texts of a .safetensors file, whose tensors are not read. @throws UserError naming the file */
export async function readMetadata(path: string): Promise<SafetensorsFile['metadata']> {
  const bad = badFile(path);
  const length = headerLengthOf(await readStart(path, 8, REMEDY), bad);
  return headerOf(await readStart(path, 8 + length, REMEDY), length, bad).metadata;
}

/**
 * Reads a .safetensors file of float32 and int64 tensors.
 * @throws UserError naming the file: missing, not safetensors, truncated, tensors that overlap or reach past its end
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  return parseSafetensors(await readWhole(path, REMEDY), path);
}
