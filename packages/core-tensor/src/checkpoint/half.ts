/** The largest number of half precision (IEEE binary16). */
export const LARGEST_HALF = 65504;

/** Bytes per number. */
export const HALF_BYTES = 2;

let values: Float32Array | undefined;

/** Values of all bit patterns, computed once: a call per number took five seconds for the weights of one network. */
export function halfValues(): Float32Array {
  values ??= Float32Array.from({ length: 0x10000 }, (_, pattern) => numberOf(pattern));
  return values;
}

/** Converts little-endian half-precision numbers to float32: exact, subnormals, infinities and NaN included. */
export function fromHalf(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const table = halfValues();
  // Copied, since the bytes may lie at any address and typed arrays need an aligned one.
  const patterns = new Uint16Array(new Uint8Array(bytes).buffer);
  const numbers = new Float32Array(patterns.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = table[patterns[i]!]!;
  return numbers;
}

/**
 * Converts numbers to half precision, little-endian, rounded to the nearest, ties to even.
 * @returns undefined if a finite number is too large for half precision and would become infinite
 */
export function toHalf(numbers: Float32Array): Uint8Array | undefined {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const patterns = new Uint16Array(numbers.length);
  for (let i = 0; i < patterns.length; i++) {
    const pattern = patternOf(bits[i]!, numbers[i]!);
    if ((pattern & 0x7fff) === INFINITE && Number.isFinite(numbers[i])) return undefined;
    patterns[i] = pattern;
  }
  return new Uint8Array(patterns.buffer);
}

const INFINITE = 0x7c00;

/** Value of a pattern: one bit of sign, five of exponent (15 is 2⁰), ten of fraction. */
function numberOf(pattern: number): number {
  const sign = pattern < 0x8000 ? 1 : -1;
  const [exponent, fraction] = [(pattern >> 10) & 31, pattern & 0x3ff];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** Pattern of a float32, which has eight bits of exponent (127 is 2⁰) and 23 of fraction. */
function patternOf(bits: number, value: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (Number.isNaN(value)) return sign | INFINITE | 0x200;
  // Halfway from the largest number to the one that would follow it.
  if (Math.abs(value) >= 65520) return sign | INFINITE;
  if (Math.abs(value) < 2 ** -14) return sign | evenRounded(Math.abs(value) * 2 ** 24);
  return sign | ((size - ((127 - 15) << 23) + 0xfff + ((size >>> 13) & 1)) >>> 13);
}

function evenRounded(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}
