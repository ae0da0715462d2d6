/** Counts in bins of equal width. */
export interface Histogram {
  /** Left edge of the first bin. */
  readonly start: number;
  readonly step: number;
  /** Counts by column, then by bin. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts several columns in the same bins, of a round width (1, 2 or 5 times a power of ten). The number of bins is
 * about four times the cube root of the count of numbers, twice Rice's rule.
 * @param columns finite numbers, at least one altogether
 */
export function histogram(columns: readonly (readonly number[])[]): Histogram {
  let [low, high] = [Infinity, -Infinity];
  for (const value of columns.flat()) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const longest = Math.max(...columns.map(({ length }) => length));
  const step = roundStep((high - low || 1) / (4 * Math.cbrt(longest)));
  // Counts whole steps, with a tolerance, so that rounding does not move a number on an edge to the bin below.
  const binOf = (value: number) => Math.floor(value / step + 1e-9);
  const first = binOf(low);
  const counts = columns.map((column) => {
    const bins = Array<number>(binOf(high) - first + 1).fill(0);
    for (const value of column) bins[binOf(value) - first]! += 1;
    return bins;
  });
  return { start: first * step, step, counts };
}

/** Rounds up to the next 1, 2 or 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5].find((factor) => factor * power >= step) ?? 10);
}
