import { BinaryReader } from '@bufbuild/protobuf/wire';

const MAGIC = 0xdb4775248b80fb57n;
const FOOTER = 48;
/** Bytes after every block: its kind of compression and a checksum. */
const TRAILER = 5;

/** Fault of a table, without the file's name. */
export class Damaged extends Error {}

/**
 * Reads the entries of a LevelDB table, the format of a TensorFlow checkpoint's .index file. Keys are sorted; within a
 * block, each is stored as its difference from the key before.
 * @throws Damaged with the table's fault
 */
export function* tableEntries(bytes: Uint8Array): Generator<[key: string, value: Uint8Array]> {
  const footer = bytes.subarray(-FOOTER);
  if (footer.length < FOOTER || new DataView(footer.buffer, footer.byteOffset).getBigUint64(FOOTER - 8, true) !== MAGIC)
    throw new Damaged('not the index of a TensorFlow checkpoint (V2), or truncated');
  const reader = new BinaryReader(footer);
  // The first handle points to the metaindex block, which is empty in checkpoints.
  handle(reader);
  for (const [, value] of blockEntries(block(bytes, handle(reader))))
    yield* blockEntries(block(bytes, handle(new BinaryReader(value))));
}

interface Handle {
  readonly offset: number;
  readonly size: number;
}

function handle(reader: BinaryReader): Handle {
  return { offset: Number(reader.uint64()), size: Number(reader.uint64()) };
}

function block(bytes: Uint8Array, { offset, size }: Handle): Uint8Array {
  if (offset + size + TRAILER > bytes.length) throw new Damaged('the index points beyond its own end');
  if (bytes[offset + size] !== 0) throw new Damaged('the index is compressed, which TensorFlow never does');
  return bytes.subarray(offset, offset + size);
}

function* blockEntries(block: Uint8Array): Generator<[string, Uint8Array]> {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const restarts = view.getUint32(block.length - 4, true);
  const end = block.length - 4 * (restarts + 1);
  const reader = new BinaryReader(block.subarray(0, end));
  let key = new Uint8Array();
  while (reader.pos < end) {
    const [shared, own, length] = [reader.uint32(), reader.uint32(), reader.uint32()];
    const start = reader.pos;
    if (start + own + length > end || shared > key.length) throw new Damaged('the entries of the index overlap');
    key = Uint8Array.from([...key.subarray(0, shared), ...block.subarray(start, start + own)]);
    yield [new TextDecoder().decode(key), block.subarray(start + own, start + own + length)];
    reader.pos = start + own + length;
  }
}
