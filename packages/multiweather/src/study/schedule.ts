import { learningRate, type Schedule } from '@unweather/core-tensor';

/** Schedule of the learning rate over all epochs. */
export interface RateOptions {
  readonly epochs: number;
  readonly warmUp: number;
  /** Rate for a batch of 16; the actual rate is proportional to the batch. */
  readonly rate: number;
  readonly least: number;
  readonly batch: number;
}

/**
 * Learning rate of an epoch, counted from 1, as the official scheduler steps (warmup_scheduler's GradualWarmupScheduler
 * followed by a cosine): a share e/warmUp of the base rate during warm-up, the base rate once more, then a cosine to
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
