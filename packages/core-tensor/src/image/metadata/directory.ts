/** Reads bytes of a file: `length` of them from `at` on, fewer at its end. */
export type ReadAt = (at: number, length: number) => Promise<Uint8Array>;

/** A field of an image file directory, as in TIFF files and EXIF blocks. */
export interface Field {
  /** Type of its values: 1 to 12 of TIFF 6.0, 13 for the place of a directory. */
  readonly kind: number;
  readonly count: number;
  /** Its values, in the machine's common order: little-endian. */
  readonly bytes: Uint8Array;
}

/** An image file directory. */
export interface Directory {
  /** Fields by tag. */
  readonly fields: ReadonlyMap<number, Field>;
  /** Place of the next directory; 0: none. */
  readonly next: number;
}

/** Bytes of one value by type, and of the numbers that are swapped in it. */
const SIZES: Readonly<Record<number, readonly [value: number, number: number]>> = {
  ...{ 1: [1, 1], 2: [1, 1], 3: [2, 2], 4: [4, 4], 5: [8, 4], 6: [1, 1] },
  ...{ 7: [1, 1], 8: [2, 2], 9: [4, 4], 10: [8, 4], 11: [4, 4], 12: [8, 8], 13: [4, 4] },
};

/** Largest number of fields of a directory; files that claim more are damaged. */
const MOST_FIELDS = 1024;
/** Largest field that is read, in bytes; metadata is smaller, tables of strips may not be. */
const MOST_BYTES = 1 << 20;

/** Where the first directory of a TIFF file or an EXIF block lies, and the order of its bytes. */
export interface TiffStart {
  readonly little: boolean;
  readonly at: number;
}

/** Reads the header of a TIFF; undefined for bytes of another kind, BigTIFF among them. */
export function tiffStart(head: Uint8Array): TiffStart | undefined {
  if (head.length < 8) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const order = view.getUint16(0);
  const little = order === 0x4949;
  if ((!little && order !== 0x4d4d) || view.getUint16(2, little) !== 42) return undefined;
  return { little, at: view.getUint32(4, little) };
}

/** Reads a directory with its fields. Fields that lie outside of the file, or are of an unknown type, are left out. */
export async function readDirectory(read: ReadAt, { little, at }: TiffStart): Promise<Directory> {
  const fields = new Map<number, Field>();
  const head = viewOf(await read(at, 2));
  const count = head.byteLength < 2 ? 0 : head.getUint16(0, little);
  if (count > MOST_FIELDS) return { fields, next: 0 };
  const entries = viewOf(await read(at + 2, count * 12 + 4));
  for (let place = 0; place + 12 <= entries.byteLength && place < count * 12; place += 12) {
    const [tag, kind] = [entries.getUint16(place, little), entries.getUint16(place + 2, little)];
    const values = entries.getUint32(place + 4, little);
    const [size, swapped] = SIZES[kind] ?? [0, 0];
    const length = size * values;
    if (length === 0 || length > MOST_BYTES) continue;
    const bytes =
      length <= 4
        ? new Uint8Array(entries.buffer, entries.byteOffset + place + 8, length)
        : await read(entries.getUint32(place + 8, little), length);
    if (bytes.length === length)
      fields.set(tag, { kind, count: values, bytes: little ? bytes.slice() : inOtherOrder(bytes, swapped) });
  }
  const next = entries.byteLength < count * 12 + 4 ? 0 : entries.getUint32(count * 12, little);
  return { fields, next };
}

/**
 * Writes a directory and the values that do not fit into it, little-endian.
 * @param at place of the directory in the file; even
 * @returns its bytes, of even length
 */
export function writeDirectory(fields: ReadonlyMap<number, Field>, at: number, next = 0): Uint8Array {
  const sorted = [...fields].sort(([a], [b]) => a - b);
  const even = (length: number) => length + (length % 2);
  const start = 2 + sorted.length * 12 + 4;
  const outside = sorted.reduce((sum, [, { bytes }]) => sum + (bytes.length > 4 ? even(bytes.length) : 0), 0);
  const written = new Uint8Array(start + outside);
  const view = viewOf(written);
  view.setUint16(0, sorted.length, true);
  let free = start;
  for (const [i, [tag, { kind, count, bytes }]] of sorted.entries()) {
    const entry = 2 + i * 12;
    view.setUint16(entry, tag, true);
    view.setUint16(entry + 2, kind, true);
    view.setUint32(entry + 4, count, true);
    if (bytes.length <= 4) written.set(bytes, entry + 8);
    else {
      view.setUint32(entry + 8, at + free, true);
      written.set(bytes, free);
      free += even(bytes.length);
    }
  }
  view.setUint32(start - 4, next, true);
  return written;
}

/** The first number of a field, if it is one of 8, 16 or 32 bits without a sign. */
export function numberOf(field: Field | undefined): number | undefined {
  if (field === undefined) return undefined;
  const view = viewOf(field.bytes);
  if (field.kind === 1) return view.getUint8(0);
  if (field.kind === 3) return view.getUint16(0, true);
  return field.kind === 4 ? view.getUint32(0, true) : undefined;
}

/** A field of one number of 16 or 32 bits. */
export function numberField(value: number, kind: 3 | 4 = 3): Field {
  const bytes = new Uint8Array(kind === 3 ? 2 : 4);
  if (kind === 3) viewOf(bytes).setUint16(0, value, true);
  else viewOf(bytes).setUint32(0, value, true);
  return { kind, count: 1, bytes };
}

/** Reads parts of bytes that are in memory. */
export function readingFrom(bytes: Uint8Array): ReadAt {
  return async (at, length) => bytes.subarray(at, at + length);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function inOtherOrder(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.map((_, i) => bytes[i - (i % size) + (size - 1 - (i % size))]!);
}
