import { learningRate } from '@unweather/core-tensor';
import { compare, type GoldenCheck, type Recipe } from '@unweather/lab';
import { z } from 'zod';
import * as recipes from '../recipes.js';

const Golden = z.object({
  tasks: z.record(
    z.string(),
    z.object({ base: z.number(), epochs: z.int(), epoch: z.array(z.int()), lr: z.array(z.number()) }),
  ),
});

/** Recipes by the file's names of tasks. */
const RECIPES: Readonly<Record<string, Recipe>> = {
  'gaussian-noise': recipes.noiseRecipes.paper!,
  'real-noise': recipes.realNoiseRecipes.paper!,
  'motion-blur': recipes.blurRecipes.paper!,
  'haze-reside': recipes.hazeRecipes.paper!,
  'haze-dcpdn': recipes.hazeRecipes['paper-dcpdn']!,
  'raindrop-step1': recipes.raindropRecipes.paper!,
  'raindrop-step2': recipes.raindropRecipes['paper-phase-2']!,
  'rain-streak': recipes.rainRecipes.paper!,
};

/** Checks the learning rate of every task, epoch by epoch: schedule.json. */
export function checkSchedules(golden: unknown): GoldenCheck[] {
  return Object.entries(Golden.parse(golden).tasks).map(([task, { base, epochs, epoch, lr }]) => {
    const recipe = RECIPES[task];
    const duration = recipe !== undefined && 'epochs' in recipe.duration ? recipe.duration.epochs : undefined;
    const expected = [
      ['base', base],
      ['epochs', epochs],
      ...epoch.map((at, i) => [`epoch ${at}`, lr[i]!] as const),
    ] as const;
    const got = (name: string) => {
      if (recipe === undefined || duration === undefined) return undefined;
      if (name === 'base') return recipe.learningRate;
      if (name === 'epochs') return duration;
      return learningRate(recipe.schedule, recipe.learningRate, Number(name.slice('epoch '.length)), duration);
    };
    return {
      quantity: `learning rate of ${task}`,
      ...compare(expected, got, () => ({ relative: 1e-6, absolute: 1e-14 })),
    };
  });
}
