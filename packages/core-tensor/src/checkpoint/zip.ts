import { inflateRawSync } from 'node:zlib';
import { crc32 } from './crc32.js';
import { Reader, Unreadable } from './reader.js';

/** A file in a zip archive. */
export interface ZipEntry {
  /** Size when unpacked, in bytes. */
  readonly size: number;
  /** CRC-32 that the archive states. */
  readonly crc: number;
  /** Unpacks it, once. @throws Unreadable when it is damaged or has another size than the archive states */
  bytes(): Uint8Array;
}

/** Limits on an archive. */
export interface ZipLimits {
  /** Archives whose entries would unpack to more bytes are refused. */
  readonly unpacked: number;
  /** The limit in words: "8 times its size". */
  readonly words: string;
}

/** Signatures of the parts of an archive. */
const [LOCAL, CENTRAL, END, END_64, LOCATOR_64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50];
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
/** Value of a 32-bit field whose number is in the Zip64 extra field. */
const ELSEWHERE = 0xffffffff;
const [STORED, DEFLATED] = [0, 8];
const ENCRYPTED = 1;

/**
 * Lists the entries of a zip archive (Zip64, too) by its directory; nothing is unpacked yet.
 * @throws Unreadable when it is not a complete archive, has two entries of one name, or exceeds the limits
 */
export function openZip(bytes: Uint8Array, limits: ZipLimits): Map<string, ZipEntry> {
  try {
    return entriesOf(bytes, limits);
  } catch (thrown) {
    if (thrown instanceof Refused || !(thrown instanceof Unreadable)) throw thrown;
    throw new Unreadable(`not a complete zip archive (${thrown.message})`);
  }
}

/** Error for an archive that is complete, but not acceptable. */
class Refused extends Unreadable {}

function entriesOf(bytes: Uint8Array, { unpacked, words }: ZipLimits): Map<string, ZipEntry> {
  const { count, start } = directoryOf(bytes);
  const reader = new Reader(bytes, start);
  const entries = new Map<string, ZipEntry>();
  let total = 0;
  for (let i = 0; i < count; i++) {
    const { name, ...described } = directoryEntry(reader);
    total += described.size;
    if (total > unpacked) throw new Refused(`refused: its entries would unpack to more than ${words}`);
    if (entries.has(name)) throw new Refused(`refused: it has two entries "${name}"`);
    const { size, crc } = described;
    let whole: Uint8Array | undefined;
    entries.set(name, {
      size,
      crc,
      bytes() {
        whole ??= unpack(bytes, name, described);
        return whole;
      },
    });
  }
  return entries;
}

/** Finds the directory by the record at the end of the archive. */
function directoryOf(bytes: Uint8Array): { count: number; start: number } {
  for (let at = bytes.length - END_LENGTH; at >= Math.max(0, bytes.length - END_LENGTH - LONGEST_COMMENT); at--) {
    const reader = new Reader(bytes, at);
    if (reader.uint32() !== END) continue;
    reader.take(6);
    const count = reader.uint16();
    reader.take(4);
    const start = reader.uint32();
    return count === 0xffff || start === ELSEWHERE ? directory64Of(bytes, at) : { count, start };
  }
  throw new Unreadable('its directory is missing');
}

function directory64Of(bytes: Uint8Array, end: number): { count: number; start: number } {
  const locator = new Reader(bytes, Math.max(0, end - 20));
  if (locator.uint32() !== LOCATOR_64) throw new Unreadable('its Zip64 directory is missing');
  locator.take(4);
  const reader = new Reader(bytes, locator.uint64());
  if (reader.uint32() !== END_64) throw new Unreadable('its Zip64 directory is missing');
  reader.take(28);
  const count = reader.uint64();
  reader.take(8);
  return { count, start: reader.uint64() };
}

/** An entry as the directory describes it. */
interface Described {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Place of its local header. */
  readonly at: number;
}

function directoryEntry(reader: Reader): Described {
  if (reader.uint32() !== CENTRAL) throw new Unreadable('its directory is damaged');
  reader.take(4);
  const [flags, method] = [reader.uint16(), reader.uint16()];
  reader.take(4);
  const crc = reader.uint32();
  let [packed, size] = [reader.uint32(), reader.uint32()];
  const [nameLength, extraLength, commentLength] = [reader.uint16(), reader.uint16(), reader.uint16()];
  reader.take(8);
  let at = reader.uint32();
  const name = reader.text(nameLength, nameLength);
  const extra = new Reader(reader.take(extraLength));
  reader.take(commentLength);
  while (extra.at + 4 <= extraLength) {
    const [kind, length] = [extra.uint16(), extra.uint16()];
    const field = new Reader(extra.take(length));
    if (kind !== 1) continue;
    if (size === ELSEWHERE) size = field.uint64();
    if (packed === ELSEWHERE) packed = field.uint64();
    if (at === ELSEWHERE) at = field.uint64();
  }
  return { name, flags, method, crc, packed, size, at };
}

function unpack(
  bytes: Uint8Array,
  name: string,
  { flags, method, packed, size, at }: Omit<Described, 'name'>,
): Uint8Array {
  const damaged = (what: string) => new Unreadable(`entry "${name}" ${what}`);
  if (flags & ENCRYPTED) throw damaged('is encrypted');
  const reader = new Reader(bytes, at);
  if (reader.uint32() !== LOCAL) throw damaged('is not where the directory says');
  reader.take(22);
  const [nameLength, extraLength] = [reader.uint16(), reader.uint16()];
  reader.take(nameLength + extraLength);
  const data = reader.take(packed);
  if (method === STORED && packed === size) return data;
  if (method !== DEFLATED) throw damaged(method === STORED ? 'has two sizes' : `is packed by method ${method}`);
  try {
    // One byte more than stated shows that there is more.
    const whole = inflateRawSync(data, { maxOutputLength: size + 1 });
    if (whole.length === size) return whole;
  } catch {
    // zlib's own texts name no entry.
  }
  throw damaged('does not unpack to the size that the directory states');
}

/** @throws Unreadable unless the bytes of an entry have the checksum that the archive states */
export function verifiedBytes(entry: ZipEntry): Uint8Array {
  const bytes = entry.bytes();
  if (crc32(bytes) !== entry.crc) throw new Unreadable('damaged (its checksum differs)');
  return bytes;
}
