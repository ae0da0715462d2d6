import { readFile } from 'node:fs/promises';
import { testRecipes } from '@unweather/testing';
import { expect, test } from 'vitest';
import { study } from './study.js';

testRecipes(study);

test('the paper’s recipe has the official number of steps and first rate', async () => {
  const { T, initial } = JSON.parse(await readFile(new URL('../../goldens/schedule.json', import.meta.url), 'utf8'));
  expect(study.tasks.haze!.recipes.paper).toMatchObject({ duration: { steps: T }, learningRate: initial });
});
