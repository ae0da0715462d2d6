import { BinaryReader } from '@bufbuild/protobuf/wire';
import { elements, float32, readWhole, type TensorData, UserError } from '@unweather/core-tensor';
import { maskedCrc32c } from './crc32c.js';
import { Damaged, tableEntries } from './table.js';

/** A variable as the index describes it. */
interface Entry {
  readonly type: number;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  readonly checksum: number;
}

/** TensorFlow's code for float32, the only type that is read. */
const FLOAT = 1;

/**
 * Reads the float variables of a TensorFlow checkpoint (V2 bundle: an .index file and .data-… files beside it), as they
 * are stored: kernels [height, width, in, out]. Needs no TensorFlow; verifies checksums.
 * @param path the .index file
 * @throws UserError naming the file and the variable that cannot be read
 */
export async function readBundle(path: string): Promise<Map<string, TensorData>> {
  const index = await readWhole(path, 'check the path of the checkpoint');
  const bad = (file: string, what: string) => new UserError(`${file}: ${what}; give a complete TensorFlow checkpoint`);
  const entries = new Map<string, Entry>();
  let shards = 1;
  try {
    for (const [name, value] of tableEntries(index))
      if (name === '') shards = shardsOf(value);
      else entries.set(name, entryOf(value));
  } catch (thrown) {
    if (thrown instanceof Damaged || thrown instanceof RangeError) throw bad(path, thrown.message);
    throw thrown;
  }
  const dataFile = (shard: number) =>
    path.replace(/\.index$/, `.data-${String(shard).padStart(5, '0')}-of-${String(shards).padStart(5, '0')}`);
  const data = await Promise.all(
    Array.from({ length: shards }, (_, shard) => readWhole(dataFile(shard), 'it belongs beside its .index file')),
  );
  const variables = new Map<string, TensorData>();
  for (const [name, { type, shape, shard, offset, size, checksum }] of entries) {
    if (type !== FLOAT) continue;
    const bytes = data[shard]?.subarray(offset, offset + size);
    if (bytes === undefined || bytes.length !== size || size !== 4 * elements(shape))
      throw bad(dataFile(shard), `variable "${name}" is truncated`);
    if (maskedCrc32c(bytes) !== checksum)
      throw bad(dataFile(shard), `variable "${name}" is damaged (its checksum differs)`);
    // A copy is aligned to four bytes.
    variables.set(name, float32(new Float32Array(Uint8Array.from(bytes).buffer), shape));
  }
  return variables;
}

/** Calls a function with each field of a protobuf message. */
function fields(bytes: Uint8Array, read: (field: number, reader: BinaryReader, skip: () => void) => void): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    read(field, reader, () => reader.skip(wire, field));
  }
}

/** BundleHeaderProto: 1 num_shards. */
function shardsOf(bytes: Uint8Array): number {
  let shards = 1;
  fields(bytes, (field, reader, skip) => {
    if (field === 1) shards = reader.int32();
    else skip();
  });
  return shards;
}

/** BundleEntryProto: 1 dtype, 2 shape, 3 shard_id, 4 offset, 5 size, 6 crc32c. */
function entryOf(bytes: Uint8Array): Entry {
  const entry = { type: 0, shape: [] as number[], shard: 0, offset: 0, size: 0, checksum: 0 };
  fields(bytes, (field, reader, skip) => {
    if (field === 1) entry.type = reader.int32();
    else if (field === 2) entry.shape = shapeOf(reader.bytes());
    else if (field === 3) entry.shard = reader.int32();
    else if (field === 4) entry.offset = Number(reader.int64());
    else if (field === 5) entry.size = Number(reader.int64());
    else if (field === 6) entry.checksum = reader.fixed32();
    else skip();
  });
  return entry;
}

/** TensorShapeProto: 2 dim, each with 1 size. */
function shapeOf(bytes: Uint8Array): number[] {
  const shape: number[] = [];
  fields(bytes, (field, reader, skip) => {
    if (field !== 2) return skip();
    let size = 0;
    fields(reader.bytes(), (inner, dim, skipInner) => {
      if (inner === 1) size = Number(dim.int64());
      else skipInner();
    });
    shape.push(size);
  });
  return shape;
}
