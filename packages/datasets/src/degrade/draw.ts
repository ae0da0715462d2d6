import type { Random } from '@unweather/core-tensor';

/** Lower and upper end of what is drawn. */
export type Range = readonly [number, number];

/** A number that is drawn evenly by its logarithm. */
export function logBetween([low, high]: Range, random: Random): number {
  return Math.exp(random.between(Math.log(low), Math.log(high)));
}
