import { learningRate } from '@unweather/core-tensor';
import { compare, type GoldenCheck } from '@unweather/lab';
import { z } from 'zod';
import { hazeRecipes } from '../recipes.js';

const Golden = z.object({
  T: z.int(),
  initial: z.number(),
  steps: z.array(z.int()),
  lr: z.array(z.number()),
});

/** The learning rate of the paper's recipe, at some steps counted from 1: schedule.json. */
export function checkSchedule(golden: unknown): GoldenCheck[] {
  const { T, initial, steps, lr } = Golden.parse(golden);
  const { duration, learningRate: base, schedule } = hazeRecipes.paper!;
  const total = 'steps' in duration ? duration.steps : Number.NaN;
  const expected = [
    ['T', T],
    ['initial', initial],
    ...steps.map((step, i) => [`step ${step}`, lr[i]!] as const),
  ] as const;
  const got = (name: string) => {
    if (name === 'T') return total;
    if (name === 'initial') return base;
    return learningRate(schedule, base, Number(name.slice('step '.length)) - 1, total);
  };
  return [{ quantity: 'learning rate', ...compare(expected, got, () => ({ relative: 1e-6, absolute: 1e-18 })) }];
}
