import type { Random } from '@unweather/core-tensor';

/** Changes a file at random in one to four of the ways in which files get damaged, or are made to do damage. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let changed = Uint8Array.from(bytes);
  for (let count = 1 + random.integer(4); count > 0; count--) {
    const change = CHANGES[random.integer(CHANGES.length)]!;
    if (changed.length > 0) changed = change(changed, random);
  }
  return changed;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Numbers at the edges of what a field may hold. */
const EDGES = [0n, 1n, 2n, 127n, 128n, 255n, 256n, 0x7fffn, 0x8000n, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn];
const WIDE_EDGES = [...EDGES, 1n << 32n, 1n << 53n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n];

/** Characters that mean something in headers of text. */
const MARKS = '{}[]",:0123456789-+.eE\\\0\n \u001b<';

const CHANGES: readonly ((bytes: Bytes, random: Random) => Bytes)[] = [
  (bytes, random) => {
    bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8);
    return bytes;
  },
  (bytes, random) => {
    bytes[random.integer(bytes.length)] = random.integer(256);
    return bytes;
  },
  (bytes, random) => {
    bytes[random.integer(bytes.length)] = MARKS.charCodeAt(random.integer(MARKS.length));
    return bytes;
  },
  // A number of 1, 2, 4 or 8 bytes, in either order of bytes.
  (bytes, random) => {
    const width = Math.min(1 << random.integer(4), bytes.length);
    const at = random.integer(bytes.length - width + 1);
    const value = WIDE_EDGES[random.integer(WIDE_EDGES.length)]!;
    const little = random.integer(2) === 0;
    for (let i = 0; i < width; i++) bytes[at + (little ? i : width - 1 - i)] = Number((value >> BigInt(8 * i)) & 0xffn);
    return bytes;
  },
  // Cut off.
  (bytes, random) => bytes.slice(0, random.integer(bytes.length)),
  // A stretch lost.
  (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  // A stretch repeated.
  (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return joined(bytes.subarray(0, to), bytes.subarray(from));
  },
  // A stretch put elsewhere, over what is there.
  (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    bytes.copyWithin(random.integer(bytes.length), from, to);
    return bytes;
  },
  // Zeros, as a disk leaves them.
  (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return bytes.fill(0, from, to);
  },
  // Noise in between.
  (bytes, random) => {
    const at = random.integer(bytes.length + 1);
    const noise = Uint8Array.from({ length: 1 + random.integer(16) }, () => random.integer(256));
    return joined(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
];

/** A stretch of at most 64 bytes mostly, and of any length now and then. */
function stretch({ length }: Bytes, random: Random): [from: number, to: number] {
  const from = random.integer(length);
  const most = random.integer(8) === 0 ? length : 64;
  return [from, Math.min(length, from + 1 + random.integer(most))];
}

function joined(...parts: Uint8Array[]): Bytes {
  return new Uint8Array(Buffer.concat(parts));
}
