import { Random } from '@unweather/core-tensor';
import { describe, expect, test } from 'vitest';
import { filteredInside, lineMargin, lineTaps, normalPlane } from '../degrade/line-blur.js';
import { blendingLaw, streakStatistics } from './streaks.js';
import { rainStatistics, statisticsTable } from './table.js';

const SIDE = 160;
const grey = (value: number) => ({ width: SIDE, height: SIDE, data: new Float32Array(SIDE * SIDE * 3).fill(value) });

/** Makes a scene under noise smeared along a line. */
function smeared(length: number, degrees: number, truth = grey(0.2)) {
  const margin = lineMargin(length);
  const noise = normalPlane(SIDE + 2 * margin, SIDE + 2 * margin, Random.named('smeared', degrees));
  const light = filteredInside(noise, lineTaps(length, (degrees / 180) * Math.PI), margin, SIDE);
  const data = truth.data.map((value, i) => value + (0.2 + 0.1 * light.values[Math.floor(i / 3)]!) * (1 - value));
  return { truth, input: { ...truth, data } };
}

test.each([
  [12, 0],
  [12, 20],
  [20, -35],
])('streaks of %i pixels that lean by %i° are measured as such', (length, degrees) => {
  const { truth, input } = smeared(length, degrees);
  const of = streakStatistics(truth, input, 'screened');
  // A line on a grid of pixels looks a little straighter than it is.
  expect(Math.abs(of.lean - degrees)).toBeLessThan(4);
  // The autocorrelation of a smear falls to a half at half of the smear's length.
  expect(of.along).toBeGreaterThan(0.6 * length);
  expect(of.along).toBeLessThan(1.2 * length);
  expect(of.across).toBeLessThan(3);
  expect(of.coherence).toBeGreaterThan(0.7);
  expect(of.mean).toBeCloseTo(0.2, 1);
});

test('the law tells light that is screened from light that is added', () => {
  const ramp = { ...grey(0), data: grey(0).data.map((_, i) => (Math.floor(i / 3) % SIDE) / SIDE) };
  const screened = blendingLaw(ramp, { ...ramp, data: ramp.data.map((value) => value + 0.2 * (1 - value)) });
  for (const [i, value] of screened.entries()) expect(value).toBeCloseTo(0.2 * (1 - (0.1 + 0.2 * i)), 2);
  const added = blendingLaw(ramp, { ...ramp, data: ramp.data.map((value) => Math.min(1, value + 0.15)) });
  for (const value of added.slice(0, 4)) expect(value).toBeCloseTo(0.15, 2);
  expect(added[4]).toBeLessThan(0.14);
});

describe('what is synthesised is near what real pairs have', () => {
  test('by length, direction, light and law', { tags: 'whole' }, async () => {
    const rows = new Map(
      (await rainStatistics(undefined, ['screened-rain', 'added-rain'])).map((row) => [row.set, row]),
    );
    // Medians of nine pictures of DID-MDN and of twenty of Rain100H: along, mean, deviation.
    const real = {
      'screened-rain, light': [3.5, 0.049, 0.037],
      'screened-rain, medium': [8.5, 0.132, 0.063],
      'screened-rain, heavy': [9, 0.262, 0.096],
      'added-rain, storm': [25.3, 0.193, 0.138],
    } as const;
    for (const [set, [along, mean, deviation]] of Object.entries(real)) {
      const { medians, lean, law } = rows.get(set)!;
      expect(medians.along / along, set).toBeGreaterThan(0.6);
      expect(medians.along / along, set).toBeLessThan(1.6);
      expect(medians.mean / mean, set).toBeGreaterThan(0.7);
      expect(medians.mean / mean, set).toBeLessThan(1.4);
      expect(medians.deviation / deviation, set).toBeGreaterThan(0.6);
      expect(medians.deviation / deviation, set).toBeLessThan(1.5);
      // Light rain shows hardly any direction.
      if (!set.endsWith('light')) expect(Math.max(...lean.map(Math.abs)), set).toBeLessThan(30);
      if (set.startsWith('screened')) expect(law[4]!).toBeLessThan(0.25 * law[0]!);
      else expect(law[2]!).toBeGreaterThan(0.7 * law[0]!);
    }
    const [head, , first] = statisticsTable([...rows.values()]).split('\n');
    expect(head).toContain('| along, px |');
    expect(first).toContain('| screened-rain, light ');
  });
});
