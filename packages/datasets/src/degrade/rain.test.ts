import { createHash } from 'node:crypto';
import { Random } from '@unweather/core-tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noise } from '../test-support.js';
import { addDenseRain, addRain, RAIN_LEVELS } from './rain.js';

const dark = { width: 64, height: 48, data: new Uint8Array(64 * 48 * 3).fill(40) };
const added = (data: Uint8Array, original: Uint8Array) =>
  data.reduce((sum, value, i) => sum + (value - original[i]!), 0) / data.length;

test('the same stream gives the same bytes, today and tomorrow', () => {
  const rainy = addRain(noise('rain', 40, 30), 'heavy', Random.named('pinned'));
  const digest = createHash('sha256').update(rainy.data).digest('hex');
  expect(digest).toBe('bf7df91f4a2e415793a6c3020bf2d2768ea53d129e04a93d967d6153ea0233bc');
});

test('rain keeps the size, only ever brightens, and another stream gives other rain', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(...RAIN_LEVELS),
      fc.integer(),
      (width, height, level, seed) => {
        const picture = noise(`${seed}`, width, height);
        const before = picture.data.slice();
        const rainy = addRain(picture, level, new Random(seed));
        expect([rainy.width, rainy.height, rainy.data.length]).toEqual([width, height, width * height * 3]);
        expect(rainy.data.every((value, i) => value >= picture.data[i]!)).toBe(true);
        expect(picture.data).toEqual(before);
      },
    ),
  );
  expect(addRain(dark, 'light', new Random(1)).data).not.toEqual(addRain(dark, 'light', new Random(2)).data);
});

test('on average heavier levels add more light', () => {
  const means = RAIN_LEVELS.map((level) => {
    const seeds = Array.from({ length: 12 }, (_, seed) =>
      added(addRain(dark, level, new Random(seed)).data, dark.data),
    );
    return seeds.reduce((a, b) => a + b) / seeds.length;
  });
  expect(means[1]).toBeGreaterThan(1.2 * means[0]!);
  expect(means[2]).toBeGreaterThan(1.2 * means[1]!);
});

test('dense rain lights nearly every pixel, as much as the DID-MDN pictures measured', () => {
  const black = { width: 96, height: 96, data: new Uint8Array(96 * 96 * 3) };
  const light = (level: 'light' | 'medium' | 'heavy') => {
    const seeds = Array.from({ length: 8 }, (_, seed) => addDenseRain(black, level, new Random(seed)).data);
    const all = seeds.flatMap((data) => [...data]);
    const mean = all.reduce((a, b) => a + b) / all.length / 255;
    const dry = all.filter((value) => value === 0).length / all.length;
    return { mean, dry };
  };
  const [mild, medium, heavy] = [light('light'), light('medium'), light('heavy')];
  expect(mild.mean).toBeCloseTo(0.04, 1.7);
  expect(medium.mean).toBeCloseTo(0.12, 1.5);
  expect(heavy.mean).toBeCloseTo(0.22, 1);
  expect(Math.max(medium.dry, heavy.dry)).toBeLessThan(0.1);
});
