import { buffer, float32, Parameter, type State } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { SAMPLED_EVERY, WeightAverage } from './weight-average.js';

const parameters = new Map([
  ['w', new Parameter([2], () => new Float32Array(2))],
  ['count', buffer([1], 0, 'int64')],
]);
const weights = (...values: number[]): State =>
  new Map([
    ['w', float32(Float32Array.from(values), [2])],
    ['count', { dtype: 'int64' as const, shape: [1], data: BigInt64Array.of(7n) }],
  ]);
const given = (state: State) => () => Promise.resolve(state);

test('every tenth step counts, the first in full, later ones by their age', async () => {
  const average = new WeightAverage(0.9, parameters);
  expect(average.of(weights(1, 2))).toEqual(weights(1, 2));
  for (let step = 1; step < SAMPLED_EVERY; step++) await average.add(step, given(weights(9, 9)));
  await average.add(10, given(weights(1, 2)));
  await average.add(20, given(weights(3, -2)));
  await average.add(30, given(weights(0, 1)));
  const decay = 0.9 ** 10;
  const expected = (a: number, b: number, c: number) => (a * decay ** 2 + b * decay + c) / (decay ** 2 + decay + 1);
  const { data } = average.of(weights(0, 0)).get('w')!;
  expect(data[0]).toBeCloseTo(expected(1, 3, 0), 6);
  expect(data[1]).toBeCloseTo(expected(2, -2, 1), 6);
  expect(average.of(weights(0, 0)).get('count')).toEqual(weights(0, 0).get('count'));
});

test('it goes on from what a checkpoint kept as if it had never stopped', async () => {
  const [whole, before] = [new WeightAverage(0.99, parameters), new WeightAverage(0.99, parameters)];
  for (const average of [whole, before]) await average.add(10, given(weights(0.1, 0.7)));
  const after = new WeightAverage(0.99, parameters, before.saved());
  for (const average of [whole, after]) await average.add(20, given(weights(0.3, -1)));
  expect(after.of(weights(0, 0))).toEqual(whole.of(weights(0, 0)));
  expect([...after.saved().keys()]).toEqual(['optimizer.average.w']);
});
