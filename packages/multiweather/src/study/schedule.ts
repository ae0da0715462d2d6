import { learningRate, type Schedule } from '@unweather/core-tensor';

/** How the learning rate goes over all epochs. */
export interface RateOptions {
  readonly epochs: number;
  readonly warmUp: number;
  /** Rate for a batch of 16; the rate in force grows with the batch. */
  readonly rate: number;
  readonly least: number;
  readonly batch: number;
}

/**
 * The rate of an epoch, counted from 1, as the official scheduler steps (warmup_scheduler's GradualWarmupScheduler with
 * a cosine behind it): a share e/warmUp of the base rate while it warms up, the base rate once more, then a cosine to
 * `least`, which the epoch after the last would reach.
 */
export function rateOfEpoch(epoch: number, { epochs, warmUp, rate, least, batch }: RateOptions): number {
  const cosine: Schedule = { kind: 'cosine', floor: least };
  // At the end of the warm-up the base rate holds for two epochs.
  const held: Schedule = { kind: 'warm-up', units: 1, start: 1, rest: cosine };
  const schedule: Schedule =
    warmUp === 1 ? held : { kind: 'warm-up', units: warmUp - 1, start: 1 / warmUp, rest: held };
  return learningRate(schedule, (rate * batch) / 16, epoch - 1, epochs);
}
