/** A byte of a number in [0, 1]: clamped, times 255 in float32 and truncated, as the test scripts of many papers do. */
export function byteOf(value: number): number {
  return Math.trunc(Math.fround(Math.min(Math.max(value, 0), 1) * 255));
}

/** A word of 16 bits of a number in [0, 1]: clamped, times 65535 and rounded. */
export function wordOf(value: number): number {
  return Math.round(Math.min(Math.max(value, 0), 1) * 65535);
}
