import { BinaryReader } from '@bufbuild/protobuf/wire';
import {
  Budget,
  elements,
  float32,
  maskedCrc32c,
  quoted,
  reading,
  readWhole,
  type TensorData,
  Unreadable,
} from '@unweather/core-tensor';
import { tableEntries } from './table.js';

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

/** More axes than any variable has. */
const MOST_AXES = 64;

const REMEDY = 'give a complete TensorFlow checkpoint';

/**
 * Reads the float variables of a TensorFlow checkpoint (V2 bundle: an .index file and .data-… files beside it), as they
 * are stored: kernels [height, width, in, out]. Needs no TensorFlow; verifies checksums.
 * @param path the .index file
 * @throws UserError naming the file and the variable that cannot be read
 */
export async function readBundle(path: string): Promise<Map<string, TensorData>> {
  const index = await readWhole(path, 'check the path of the checkpoint');
  const { entries, shards } = reading(path, REMEDY, () => describedIn(index));
  const variables = new Map<string, TensorData>();
  for (const [shard, own] of byShard(entries)) {
    const file = dataFile(path, shard, shards);
    const data = await readWhole(file, 'it belongs beside its .index file');
    reading(file, REMEDY, () => {
      const budget = new Budget(data.length);
      for (const [name, entry] of own) variables.set(name, variableOf(name, entry, data, budget));
    });
  }
  // In the order of the index.
  return new Map([...entries.keys()].map((name) => [name, variables.get(name)!]));
}

/** Float variables that an index describes, and the number of .data files that it states. */
function describedIn(index: Uint8Array): { entries: Map<string, Entry>; shards: number } {
  const entries = new Map<string, Entry>();
  let shards = 1;
  for (const [name, value] of tableEntries(index, new Budget(index.length)))
    if (name === '') shards = shardsOf(value);
    else {
      const entry = entryOf(value);
      if (entries.has(name)) throw new Unreadable(`variable ${quoted(name)} is described twice`);
      if (entry.type === FLOAT) entries.set(name, entry);
    }
  if (shards < 1) throw new Unreadable(`it states ${shards} .data files`);
  if (entries.size === 0) throw new Unreadable('it describes no float variables');
  const outside = [...entries].find(([, { shard }]) => !(shard >= 0 && shard < shards));
  if (outside !== undefined)
    throw new Unreadable(`variable ${quoted(outside[0])} is in .data file ${outside[1].shard} of ${shards}`);
  return { entries, shards };
}

/** Variables by the .data file they are in, so that only such files are read, whatever number the index states. */
function byShard(entries: ReadonlyMap<string, Entry>): Map<number, [string, Entry][]> {
  const shards = new Map<number, [string, Entry][]>();
  for (const [name, entry] of entries) {
    const own = shards.get(entry.shard) ?? [];
    own.push([name, entry]);
    shards.set(entry.shard, own);
  }
  return shards;
}

function dataFile(path: string, shard: number, shards: number): string {
  const [index, count] = [shard, shards].map((number) => String(number).padStart(5, '0'));
  return path.replace(/(\.index)?$/, `.data-${index}-of-${count}`);
}

function variableOf(
  name: string,
  { shape, offset, size, checksum }: Entry,
  data: Uint8Array,
  budget: Budget,
): TensorData {
  const bytes = data.subarray(offset, offset + size);
  if (!(offset >= 0 && size >= 0) || bytes.length !== size || size !== 4 * elements(shape))
    throw new Unreadable(`variable ${quoted(name)} is truncated`);
  budget.allocate(size);
  if (maskedCrc32c(bytes) !== checksum)
    throw new Unreadable(`variable ${quoted(name)} is damaged (its checksum differs)`);
  // A copy is aligned to four bytes.
  return float32(new Float32Array(Uint8Array.from(bytes).buffer), shape);
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
    if (!(Number.isSafeInteger(size) && size >= 0) || shape.length === MOST_AXES)
      throw new Unreadable('the shape of a variable is not one');
    shape.push(size);
  });
  return shape;
}
