import { testRecipes } from '@unweather/testing';
import { expect, test } from 'vitest';
import { study } from './study.js';

testRecipes(study);

test('every task has quick, which needs nothing, and paper, which needs data', () => {
  for (const { recipes } of Object.values(study.tasks)) {
    expect(recipes.quick).toMatchObject({ needsData: false });
    expect(recipes.paper).toMatchObject({ needsData: true });
  }
});
