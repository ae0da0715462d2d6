import { Recipe } from '@unweather/commands';
import { expect, test } from 'vitest';
import { durn } from './paper.js';

const recipes = Object.entries(durn.tasks).flatMap(([task, of]) =>
  Object.entries(of.recipes).map(([name, recipe]) => ({ task, name, recipe, losses: of.losses })),
);

test.each(recipes)('recipe $name of $task is plain data that survives JSON, and names a loss of its task', (row) => {
  const { name, recipe, losses } = row;
  expect(Recipe.parse(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  expect(recipe.name).toBe(name);
  expect(Object.keys(losses)).toContain(recipe.loss);
});

test('every task has quick, which needs nothing, and paper, which needs data', () => {
  for (const { recipes } of Object.values(durn.tasks)) {
    expect(recipes.quick).toMatchObject({ needsData: false });
    expect(recipes.paper).toMatchObject({ needsData: true });
  }
});
