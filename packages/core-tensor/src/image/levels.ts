/** Converts a number in [0, 1] to a byte: clamped, times 255 in float32, truncated, as many papers' test scripts do. */
export function byteOf(value: number): number {
  return Math.trunc(Math.fround(Math.min(Math.max(value, 0), 1) * 255));
}

/** Converts a number in [0, 1] to 16 bits: clamped, times 65535 and rounded. */
export function wordOf(value: number): number {
  return Math.round(Math.min(Math.max(value, 0), 1) * 65535);
}
