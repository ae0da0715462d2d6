import { compare, type GoldenCheck } from '@unweather/lab';
import { z } from 'zod';
import { rateOfEpoch } from '../schedule.js';

const Golden = z.object({
  schedules: z.array(
    z.object({
      max_epoch: z.int(),
      warmup_epochs: z.int(),
      lr: z.number(),
      lr_min: z.number(),
      batch_size: z.int(),
      lr_of_epoch_1_to_max: z.array(z.number()),
      after_last_epoch: z.number(),
    }),
  ),
});

/** Checks the learning rate of every epoch: schedule.json. */
export function checkSchedules(golden: unknown): GoldenCheck[] {
  return Golden.parse(golden).schedules.map((given) => {
    const { max_epoch: epochs, warmup_epochs: warmUp, lr: rate, lr_min: least, batch_size: batch } = given;
    const rates = [...given.lr_of_epoch_1_to_max, given.after_last_epoch];
    return {
      quantity: `learning rates over ${epochs} epochs, batch ${batch}`,
      ...compare(
        rates.map((value, i) => [String(i + 1), value] as const),
        (epoch) => rateOfEpoch(Number(epoch), { epochs, warmUp, rate, least, batch }),
        () => ({ relative: 1e-9, absolute: 0 }),
      ),
    };
  });
}
