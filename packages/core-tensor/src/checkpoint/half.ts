import { getFloat16, setFloat16 } from '@petamoriken/float16';

/** The largest number of half precision (IEEE binary16). */
export const LARGEST_HALF = 65504;

/** Two bytes a number. */
export const HALF_BYTES = 2;

/** Little-endian half-precision numbers as float32: exact, subnormals, infinities and NaN included. */
export function fromHalf(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / HALF_BYTES }, (_, i) => getFloat16(view, i * HALF_BYTES, true));
}

/**
 * Numbers in half precision, little-endian, rounded to the nearest, of two equally near to the even one.
 * @returns undefined where a finite number is too large for half precision and would become infinite
 */
export function toHalf(numbers: Float32Array): Uint8Array | undefined {
  const bytes = new Uint8Array(numbers.length * HALF_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of numbers.entries()) {
    setFloat16(view, i * HALF_BYTES, value, true);
    if (Number.isFinite(value) && (view.getUint8(i * HALF_BYTES + 1) & 0x7c) === 0x7c) return undefined;
  }
  return bytes;
}
