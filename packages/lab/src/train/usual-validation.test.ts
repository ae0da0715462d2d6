import { embeddedPairs } from '@unweather/datasets';
import { beforeAll, expect, test } from 'vitest';
import type { Data } from '../data.js';
import { usualValidation } from './usual-validation.js';

const recipe = { batch: 4, crop: 48, visit: 'pair' } as const;
const phases = (to: number, crop = 48) => [{ from: 0, to, crop, frozenStatistics: false }];
let set: Data;

// 15 photographs of 192×192.
beforeAll(async () => {
  const pairs = await embeddedPairs('held-out', 'rain');
  set = { pairs, dataset: 'embedded', split: '', identity: '', note: '' };
});

test('validations take a bounded share of a run: whole pictures, centres, fewer times, none', async () => {
  const crop = { width: 48, height: 48 };
  expect(await usualValidation(recipe, phases(100_000), [set])).toEqual({ every: 5000, pictures: 8 });
  expect(await usualValidation(recipe, phases(400), [set])).toEqual({ every: 20, pictures: 8, crop });
  expect(await usualValidation(recipe, phases(150), [set])).toEqual({ every: 17, pictures: 8, crop });
  expect(await usualValidation(recipe, phases(16), [set])).toEqual({ every: 16, pictures: 8, crop });
  expect(await usualValidation(recipe, phases(15), [set])).toBeUndefined();
});

test('several sets share the pictures, and triples and later sizes count in full', async () => {
  const crop = { width: 48, height: 48 };
  expect(await usualValidation(recipe, phases(150), [set, set, set])).toEqual({ every: 13, pictures: 2, crop });
  expect(await usualValidation({ ...recipe, visit: 'triple' }, phases(15), [set])).toEqual({
    ...{ every: 8, pictures: 8, crop },
  });
  expect(await usualValidation(recipe, [...phases(8), { ...phases(15, 96)[0]!, from: 8 }], [set])).toEqual({
    ...{ every: 8, pictures: 8, crop },
  });
});
