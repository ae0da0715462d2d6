import { type Interval, intervals } from './bootstrap.js';

/** Difference of two columns of scores over the same pictures. */
export interface Difference extends Interval {
  /** Scenes whose mean difference is above 0, below 0, and 0. */
  readonly above: number;
  readonly below: number;
  readonly equal: number;
  /** Two-sided p of the sign test over scenes: how often chance alone would part them as unevenly, or more so. */
  readonly p: number;
}

/**
 * Mean of `after` − `before` with its bootstrap interval, and the sign test. Both draw scenes, not pictures: fourteen
 * rainy versions of one truth are not independent. Two infinite scores of one picture are equal.
 * @param before a score per picture
 * @param after scores of the same pictures, in the same order
 * @param scenes scene of each picture
 */
export function pairedDifference(
  before: readonly number[],
  after: readonly number[],
  scenes: readonly string[],
): Difference {
  const differences = after.map((value, i) => (value === before[i] ? 0 : value - before[i]!));
  const sums = new Map<string, number>();
  for (const [i, scene] of scenes.entries()) sums.set(scene, (sums.get(scene) ?? 0) + differences[i]!);
  const signs = [...sums.values()].map(Math.sign);
  const [above, below] = [1, -1].map((sign) => signs.filter((one) => one === sign).length) as [number, number];
  const [interval] = intervals([differences], scenes) as [Interval];
  return { ...interval, above, below, equal: signs.length - above - below, p: signTest(above, below) };
}

/** Two-sided p of the sign test: of the binomial distribution with one half. Ties are left out before. */
function signTest(above: number, below: number): number {
  const count = above + below;
  const most = Math.min(above, below);
  // Logarithms, since 2^-count is 0 for more than a thousand scenes.
  let term = -count * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= most; k++) {
    tail += Math.exp(term);
    term += Math.log((count - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}
