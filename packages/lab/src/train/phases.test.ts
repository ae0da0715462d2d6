import { expect, test } from 'vitest';
import type { Recipe } from '../recipe.js';
import { leastSize, phasesOf } from './phases.js';

const recipe: Recipe = {
  ...{ name: 'r', note: '', crop: 64, batch: 1, duration: { steps: 100 }, optimiser: 'adam', learningRate: 1e-3 },
  ...{ schedule: { kind: 'constant' }, flip: true, order: 'shuffled', visit: 'pair', loss: 'l1', seed: 1 },
  ...{ saveEvery: 10, needsData: false },
};

test('a training is one phase, unless sizes or statistics change under way', () => {
  expect(phasesOf(recipe, 100)).toEqual([{ from: 0, to: 100, crop: 64, frozenStatistics: false }]);
  expect(phasesOf({ ...recipe, frozenStatistics: true }, 100)).toEqual([
    { from: 0, to: 100, crop: 64, frozenStatistics: true },
  ]);
  const laterCrops = [
    { after: 0.7, crop: 128 },
    { after: 0.4, crop: 96 },
  ];
  expect(phasesOf({ ...recipe, laterCrops, frozenStatistics: { after: 0.2 } }, 100)).toEqual([
    { from: 0, to: 20, crop: 64, frozenStatistics: false },
    { from: 20, to: 40, crop: 64, frozenStatistics: true },
    { from: 40, to: 70, crop: 96, frozenStatistics: true },
    { from: 70, to: 100, crop: 128, frozenStatistics: true },
  ]);
  expect(leastSize({ ...recipe, laterCrops })).toEqual({ width: 128, height: 128 });
});

test('few steps have fewer phases, never an empty one', () => {
  const laterCrops = [
    { after: 0, crop: 80 },
    { after: 0.5, crop: 96 },
    { after: 1, crop: 128 },
  ];
  expect(phasesOf({ ...recipe, laterCrops, frozenStatistics: { after: 0.2 } }, 1)).toEqual([
    { from: 0, to: 1, crop: 80, frozenStatistics: true },
  ]);
});
