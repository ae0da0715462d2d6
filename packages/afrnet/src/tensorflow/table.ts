import { BinaryReader } from '@bufbuild/protobuf/wire';
import { type Budget, Unreadable } from '@unweather/core-tensor';

const MAGIC = 0xdb4775248b80fb57n;
const FOOTER = 48;
/** Bytes after every block: its kind of compression and a checksum. */
const TRAILER = 5;

/** Bytes at the end of a file by which {@link isTable} knows it. */
export const FOOTER_BYTES = FOOTER;

/** True if the last bytes of a file are those of a LevelDB table. */
export function isTable(end: Uint8Array): boolean {
  return (
    end.length >= FOOTER &&
    new DataView(end.buffer, end.byteOffset, end.byteLength).getBigUint64(end.length - 8, true) === MAGIC
  );
}

/**
 * Reads the entries of a LevelDB table, the format of a TensorFlow checkpoint's .index file. Keys are sorted; within a
 * block, each is stored as its difference from the key before.
 * @param budget limits the bytes of keys: a short table can repeat a long one many times
 * @throws Unreadable with the table's fault
 */
export function* tableEntries(bytes: Uint8Array, budget: Budget): Generator<[key: string, value: Uint8Array]> {
  if (!isTable(bytes)) throw new Unreadable('not the index of a TensorFlow checkpoint (V2), or truncated');
  const reader = new BinaryReader(bytes.subarray(-FOOTER));
  // The first handle points to the metaindex block, which is empty in checkpoints.
  handle(reader);
  let end = 0;
  for (const [, value] of blockEntries(block(bytes, handle(reader)), budget)) {
    const place = handle(new BinaryReader(value));
    if (place.offset < end) throw new Unreadable('the blocks of the index overlap');
    end = place.offset + place.size;
    yield* blockEntries(block(bytes, place), budget);
  }
}

interface Handle {
  readonly offset: number;
  readonly size: number;
}

function handle(reader: BinaryReader): Handle {
  return { offset: Number(reader.uint64()), size: Number(reader.uint64()) };
}

function block(bytes: Uint8Array, { offset, size }: Handle): Uint8Array {
  if (offset + size + TRAILER > bytes.length) throw new Unreadable('the index points beyond its own end');
  if (bytes[offset + size] !== 0) throw new Unreadable('the index is compressed, which TensorFlow never does');
  return bytes.subarray(offset, offset + size);
}

function* blockEntries(block: Uint8Array, budget: Budget): Generator<[string, Uint8Array]> {
  if (block.length < 4) throw new Unreadable('a block of the index is truncated');
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const restarts = view.getUint32(block.length - 4, true);
  const end = block.length - 4 * (restarts + 1);
  if (end < 0) throw new Unreadable('a block of the index is truncated');
  const reader = new BinaryReader(block.subarray(0, end));
  let key = new Uint8Array();
  while (reader.pos < end) {
    const [shared, own, length] = [reader.uint32(), reader.uint32(), reader.uint32()];
    const start = reader.pos;
    if (start + own + length > end || shared > key.length) throw new Unreadable('the entries of the index overlap');
    budget.allocate(shared + own);
    const next = new Uint8Array(shared + own);
    next.set(key.subarray(0, shared));
    next.set(block.subarray(start, start + own), shared);
    key = next;
    yield [new TextDecoder().decode(key), block.subarray(start + own, start + own + length)];
    reader.pos = start + own + length;
  }
}
