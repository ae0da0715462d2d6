import { readFileSync } from 'node:fs';
import { Recipe } from '@unweather/commands';
import { learningRate } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { rainRecipes } from './recipes.js';

interface Schedule {
  base: number;
  epochs: number;
  epoch: number[];
  lr: number[];
}

test('the paper recipe’s learning rate is the official one, epoch by epoch', () => {
  const file = new URL('../goldens/schedule.json', import.meta.url);
  const { tasks } = JSON.parse(readFileSync(file, 'utf8')) as { tasks: Record<string, Schedule> };
  const { base, epochs, epoch, lr } = tasks['rain-streak']!;
  const { paper } = rainRecipes;
  expect([paper.learningRate, paper.duration]).toEqual([base, { epochs }]);
  for (const [i, at] of epoch.entries())
    expect(Math.abs(learningRate(paper.schedule, paper.learningRate, at, epochs) - lr[i]!)).toBeLessThan(1e-12);
});

test('recipes are plain data that survive JSON', () => {
  for (const recipe of Object.values(rainRecipes))
    expect(Recipe.parse(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
});
