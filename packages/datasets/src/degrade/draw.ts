import type { Random } from '@unweather/core-tensor';

/** Lower and upper bound of a random number. */
export type Range = readonly [number, number];

/** Draws a log-uniform number. */
export function logBetween([low, high]: Range, random: Random): number {
  return Math.exp(random.between(Math.log(low), Math.log(high)));
}
