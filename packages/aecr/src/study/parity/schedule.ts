import { learningRate, UserError } from '@unweather/core-tensor';
import { compare, type GoldenCheck } from '@unweather/lab';
import { z } from 'zod';
import { hazeRecipes } from '../recipes.js';

const Golden = z.object({
  T: z.int(),
  initial: z.number(),
  steps: z.array(z.int()).min(1),
  lr: z.array(z.number()),
});

/** Checks the paper's schedule over T steps from an initial rate, at some steps counted from 1: schedule*.json. */
export function checkSchedule(golden: unknown): GoldenCheck[] {
  const { T, initial, steps, lr } = Golden.parse(golden);
  if (lr.length !== steps.length) throw new UserError(`${steps.length} "steps" but ${lr.length} "lr"`);
  const { schedule } = hazeRecipes.paper!;
  const expected = steps.map((step, i) => [`step ${step}`, lr[i]!] as const);
  const got = (name: string) => learningRate(schedule, initial, Number(name.slice('step '.length)) - 1, T);
  return [{ quantity: 'learning rate', ...compare(expected, got, () => ({ relative: 1e-6, absolute: 1e-18 })) }];
}
