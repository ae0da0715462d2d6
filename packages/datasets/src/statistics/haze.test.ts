import { expect, test } from 'vitest';
import { noise } from '../test-support.js';
import { hazeRows, hazeStatistics, hazeTable } from './haze.js';

const truth = noise('haze statistics', 96, 64);

test('one haze over a whole picture gives its transmission and its airlight back', () => {
  const [through, airlight] = [0.6, [0.9, 0.95, 1]];
  const data = truth.data.map((value, i) => Math.round(value * through + 255 * airlight[i % 3]! * (1 - through)));
  const found = hazeStatistics(truth, { ...truth, data });
  for (const value of [found.transmission, found.thick, found.thin]) expect(value).toBeCloseTo(through, 2);
  for (const [i, value] of found.airlight.entries()) expect(value).toBeCloseTo(airlight[i]!, 2);
  expect(found.saturation).toBeGreaterThan(0.5);
});

test('haze that is thick on one side shows in the spread of the blocks', () => {
  const through = (i: number) => (Math.floor(i / 3) % 96 < 32 ? 0.3 : 0.9);
  const data = truth.data.map((value, i) => Math.round(value * through(i) + 255 * (1 - through(i))));
  const { thick, thin } = hazeStatistics(truth, { ...truth, data });
  expect(thick).toBeCloseTo(0.3, 2);
  expect(thin).toBeCloseTo(0.9, 2);
});

test('heavier haze lets less through, and indoors the air is white', { tags: 'whole' }, async () => {
  const rows = await hazeRows(undefined, ['indoor-haze']);
  expect(rows.map(({ set }) => set)).toEqual(['light', 'medium', 'heavy'].map((level) => `indoor-haze, ${level}`));
  const [light, , heavy] = rows as [(typeof rows)[number], unknown, (typeof rows)[number]];
  expect(light.transmission).toBeGreaterThan(heavy.transmission + 0.1);
  expect(light.psnr).toBeGreaterThan(heavy.psnr);
  for (const { airlight } of rows) expect(Math.abs(airlight - 0.99)).toBeLessThan(0.08);
  expect(hazeTable(rows).split('\n')).toHaveLength(5);
});
