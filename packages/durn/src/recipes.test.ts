import { testRecipes } from '@unweather/testing';
import { expect, test } from 'vitest';
import { durn } from './paper.js';

testRecipes(durn);

test('every task has quick, which needs nothing, and paper, which needs data', () => {
  for (const { recipes } of Object.values(durn.tasks)) {
    expect(recipes.quick).toMatchObject({ needsData: false });
    expect(recipes.paper).toMatchObject({ needsData: true });
  }
});
