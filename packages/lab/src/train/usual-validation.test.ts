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

const crop = { width: 48, height: 48 };

test('validations take a bounded share of a run: whole pictures, centres, fewer times, none', async () => {
  expect(await usualValidation(recipe, phases(100_000), [set])).toEqual({ every: 5000, pictures: 8 });
  expect(await usualValidation(recipe, phases(1000), [set])).toEqual({ every: 50, pictures: 8, crop });
  expect(await usualValidation(recipe, phases(150), [set])).toEqual({ every: 50, pictures: 8, crop });
  expect(await usualValidation(recipe, phases(99), [set])).toEqual({ every: 99, pictures: 8, crop });
  expect(await usualValidation(recipe, phases(49), [set])).toBeUndefined();
});

test('small batches, triples and later sizes count, and several sets share the pictures', async () => {
  const single = { ...recipe, batch: 1 };
  expect(await usualValidation(single, phases(1000), [set])).toEqual({ every: 67, pictures: 8, crop });
  expect(await usualValidation({ ...single, visit: 'triple' }, phases(1000), [set])).toEqual({
    ...{ every: 50, pictures: 8, crop },
  });
  const grown = [...phases(500), { ...phases(1000, 96)[0]!, from: 500 }];
  expect(await usualValidation(single, grown, [set])).toEqual({ every: 50, pictures: 8, crop });
  expect(await usualValidation(single, phases(1000), [set, set, set])).toEqual({ every: 50, pictures: 2, crop });
});
