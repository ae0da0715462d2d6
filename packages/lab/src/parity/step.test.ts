import { Conv2d, goldenState, type Loss, l1, shapesOf } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import type { NetworkStudy } from '../study.js';
import { GoldenFile } from './golden-file.js';
import { LastStep } from './step.js';

const loss: Loss = (output, target) => ({ total: l1(output, target) });

test('a file and its twin in float64 share a step; another rate, optimiser, case or loss makes another', async () => {
  let made = 0;
  const create = () => {
    made++;
    return new Conv2d(3, 3, 3, { padding: 1 });
  };
  const facts = { gradientNoise: 0, gradientShare: 0, stepsNoise: 0 };
  const network: NetworkStudy = { create, losses: { l1: loss, other: loss }, ...facts };
  const state = goldenState(shapesOf(new Conv2d(3, 3, 3, { padding: 1 }).parameters()), 1);
  const optimiser = 'Adam lr 1e-3';
  const base = { case: 'a', network: 'Net', input: [1, 3, 8, 8], mode: 'train', optimiser };
  const last = new LastStep();
  const run = (rate?: number, changed: object = {}) =>
    last.of(network, GoldenFile.parse({ ...base, ...changed }), state, rate);
  const first = await run(1e-3);
  const [name, before] = [...state][0]!;
  expect(first.after.get(name)!.data).not.toEqual(before.data);
  expect(await run(undefined, { optimiser: undefined })).toBe(first);
  expect(await run(1e-3)).toBe(first);
  expect(made).toBe(1);
  const second = await run(1e-2);
  expect(second.results).toEqual(first.results);
  expect(second.after).not.toEqual(first.after);
  await run(1e-2, { optimiser: 'SGD lr 1e-2' });
  await run(1e-2, { optimiser: 'SGD lr 1e-2', case: 'b' });
  await run(1e-2, { optimiser: 'SGD lr 1e-2', case: 'b', loss_kind: 'other' });
  expect(made).toBe(5);
});
