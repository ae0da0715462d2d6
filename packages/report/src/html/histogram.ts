/** Counts between equal steps. */
export interface Histogram {
  /** Left edge of the first bin. */
  readonly start: number;
  readonly step: number;
  /** Counts by column, then by bin. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts several columns over the same bins, of a round width (1, 2 or 5 at some power of ten). The more numbers, the more
 * bins: four times the cube root of their count, as twice Rice's rule.
 * @param columns finite numbers, at least one altogether
 */
export function histogram(columns: readonly (readonly number[])[]): Histogram {
  let [low, high] = [Infinity, -Infinity];
  for (const value of columns.flat()) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const longest = Math.max(...columns.map(({ length }) => length));
  const step = roundStep((high - low || 1) / (4 * Math.cbrt(longest)));
  // Steps are counted in whole numbers, so that a number on an edge does not fall to either side by rounding.
  const binOf = (value: number) => Math.floor(value / step + 1e-9);
  const first = binOf(low);
  const counts = columns.map((column) => {
    const bins = Array<number>(binOf(high) - first + 1).fill(0);
    for (const value of column) bins[binOf(value) - first]! += 1;
    return bins;
  });
  return { start: first * step, step, counts };
}

/** The next round number that is not below. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5].find((factor) => factor * power >= step) ?? 10);
}
