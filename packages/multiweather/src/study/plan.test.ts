import { initialState, Restorer } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { MSBDN } from '../networks/msbdn.js';
import { mixedPlan, type PlanOptions } from './data/plan.js';
import { smallPair } from './data/small-pair.js';
import type { Weather } from './data/weathers.js';
import { rateOfEpoch } from './schedule.js';
import { nearIdentity } from './start.js';

const weather = (name: string, count: number): Weather => ({
  name,
  pairs: Array.from({ length: count }, (_, i) => {
    const file = `/${name}/${i}.png`;
    return { kind: 'files', name: `${name} ${i}`, truth: file, input: file };
  }),
});
const weathers = [weather('haze', 40), weather('rain', 70), weather('snow', 50)];
const options: PlanOptions = { weathers, batch: 5, draw: 'uniform', batchesPerEpoch: null, seed: 3 };

test('every batch holds every weather, in the order of their labels; others are left out', () => {
  const plan = mixedPlan(options);
  expect(plan.stepsPerEpoch).toBe(8);
  for (let step = 0; step < 60; step++) {
    const names = plan.visits(step).map(({ source }) => source.name.split(' ')[0]);
    expect(names).toHaveLength(5);
    expect([...names].sort()).toEqual(names);
    expect(plan.counts(step).reduce((a, b) => a + b)).toBe(5);
    expect(Math.min(...plan.counts(step))).toBeGreaterThan(0);
    expect(names.filter((name) => name === 'rain')).toHaveLength(plan.counts(step)[1]!);
  }
});

test('a step’s batch is the same whenever it is asked for; another seed gives others; balanced batches are', () => {
  const later = mixedPlan(options).visits(30);
  const plan = mixedPlan(options);
  for (let step = 0; step < 30; step++) plan.visits(step);
  expect(plan.visits(30)).toEqual(later);
  expect(mixedPlan({ ...options, seed: 4 }).visits(30)).not.toEqual(later);
  expect(mixedPlan({ ...options, draw: 'balanced', batch: 6 }).counts(9)).toEqual([2, 2, 2]);
});

test('a small pair is resized and keeps its sides, unless the official slip is asked for', () => {
  const flat = (value: number) => ({ width: 10, height: 4, data: new Uint8Array(120).fill(value) });
  const pair = { truth: flat(255), input: flat(0) };
  expect(smallPair(pair, 8).truth).toEqual({ width: 8, height: 8, data: new Float32Array(192).fill(1) });
  expect(smallPair(pair, 8, { exchanged: true }).truth.data[0]).toBe(0);
});

test('the rate warms up, holds for two epochs and falls to the least', () => {
  const rates = { epochs: 10, warmUp: 2, rate: 1e-3, least: 1e-5, batch: 32 };
  const all = Array.from({ length: 11 }, (_, i) => rateOfEpoch(i + 1, rates));
  expect(all.slice(0, 3)).toEqual([1e-3, 2e-3, 2e-3]);
  expect(all[10]).toBeCloseTo(1e-5, 12);
  expect([...all.slice(2)].sort((a, b) => b - a)).toEqual(all.slice(2));
});

test('the quick recipe’s network starts nearly as the identity', async () => {
  const network = new MSBDN(0.25);
  const state = nearIdentity(initialState(network.parameters(), 1));
  const restorer = await Restorer.open(network, state);
  const picture = {
    width: 48,
    height: 40,
    data: Float32Array.from({ length: 5760 }, (_, i) => ((i * 37) % 101) / 100),
  };
  const { data } = await restorer.restore(picture);
  await restorer.dispose();
  const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - picture.data[i]!)), 0);
  expect(worst).toBeLessThan(0.15);
});
