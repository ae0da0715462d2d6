import { Random } from '@unweather/core-tensor';

/** A mean with its 95 % interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;

/**
 * Means of several columns over the same pictures with 95 % intervals: percentiles of the means of resampled sets, the
 * same sets every time. Scenes are drawn, not pictures: fourteen rainy versions of one truth are not independent.
 * @param columns numbers by picture, all of one length; an infinite one makes its mean infinite
 * @param scenes scene of each picture
 */
export function intervals(columns: readonly (readonly number[])[], scenes: readonly string[]): Interval[] {
  const names = [...new Set(scenes)];
  const places = new Map(names.map((name, i) => [name, i]));
  const counts = new Float64Array(names.length);
  const sums = columns.map(() => new Float64Array(names.length));
  for (const [picture, scene] of scenes.entries()) {
    const place = places.get(scene)!;
    counts[place]! += 1;
    for (const [c, column] of columns.entries()) sums[c]![place]! += column[picture]!;
  }
  const random = Random.named('bootstrap', names.length);
  const means = columns.map(() => new Float64Array(RESAMPLES));
  const totals = new Float64Array(columns.length);
  for (let sample = 0; sample < RESAMPLES; sample++) {
    let pictures = 0;
    totals.fill(0);
    for (let draw = 0; draw < names.length; draw++) {
      const place = random.integer(names.length);
      pictures += counts[place]!;
      for (let c = 0; c < sums.length; c++) totals[c]! += sums[c]![place]!;
    }
    for (let c = 0; c < sums.length; c++) means[c]![sample] = totals[c]! / pictures;
  }
  return columns.map((column, c) => {
    const sorted = means[c]!.sort();
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    return { mean, low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) };
  });
}

/** Percentile, interpolated between the two nearest ranks. */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  const rest = place % 1;
  // Infinite means would give NaN, as ∞ − ∞ or 0 · ∞.
  return rest === 0 || below === above ? below : below + rest * (above - below);
}
