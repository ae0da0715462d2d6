import { type FloatPicture, Random } from '@unweather/core-tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BASELINES, baselinesOf } from './baselines.js';
import { boxMean, boxMinimum, type Plane64 } from './box.js';
import { constant } from './constant.js';
import { darkChannel } from './dark-channel.js';
import { guidedFilter } from './guided-filter.js';
import { identity } from './identity.js';

const noise = (width: number, height: number, seed: string): Plane64 => {
  const random = Random.named(seed);
  return { width, height, values: new Float64Array(width * height).map(() => random.uniform()) };
};

/** Values of a window that lie inside the plane. */
function around({ width, height, values }: Plane64, x: number, y: number, radius: number): number[] {
  const found: number[] = [];
  for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++)
    for (let column = Math.max(0, x - radius); column <= Math.min(width - 1, x + radius); column++)
      found.push(values[row * width + column]!);
  return found;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('filters are what their definition says, at the border, too', () => {
  const size = fc.integer({ min: 1, max: 17 });
  test.each([
    ['mean', boxMean, mean],
    ['minimum', boxMinimum, (values: number[]) => Math.min(...values)],
  ] as const)('%s', (_, filter, expected) => {
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 9 }), fc.string(), (width, height, radius, seed) => {
        const plane = noise(width, height, seed);
        const filtered = filter(plane, radius);
        expect([filtered.width, filtered.height]).toEqual([width, height]);
        for (let i = 0; i < width * height; i++)
          expect(filtered.values[i]).toBeCloseTo(expected(around(plane, i % width, Math.floor(i / width), radius)), 12);
      }),
      { numRuns: 40 },
    );
  });

  test('guided filter: the line of least squares of every window, averaged over those that hold the pixel', () => {
    const [guide, plane, radius, epsilon] = [noise(9, 7, 'guide'), noise(9, 7, 'plane'), 2, 0.01];
    const lines = guide.values.reduce<{ a: number; b: number }[]>((all, _, i) => {
      const [g, p] = [guide, plane].map((of) => around(of, i % 9, Math.floor(i / 9), radius)) as [number[], number[]];
      const covariance = mean(g.map((value, k) => value * p[k]!)) - mean(g) * mean(p);
      const a = covariance / (mean(g.map((value) => (value - mean(g)) ** 2)) + epsilon);
      all.push({ a, b: mean(p) - a * mean(g) });
      return all;
    }, []);
    const planeOf = (pick: 'a' | 'b') => ({ ...guide, values: Float64Array.from(lines, (line) => line[pick]) });
    const filtered = guidedFilter(guide, plane, radius, epsilon);
    for (const [i, value] of filtered.values.entries()) {
      const [a, b] = (['a', 'b'] as const).map((pick) => mean(around(planeOf(pick), i % 9, Math.floor(i / 9), radius)));
      expect(value).toBeCloseTo(a! * guide.values[i]! + b!, 10);
    }
  });
});

const colours: FloatPicture = {
  width: 64,
  height: 48,
  data: new Float32Array(64 * 48 * 3).map((_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % 64, Math.floor(i / 192), i % 3];
    // Patches of one strong colour each: somewhere in 15 pixels a channel is dark.
    return channel === (Math.floor(x / 8) + Math.floor(y / 8)) % 3 ? 0.9 : 0.02;
  }),
};

function hazed(picture: FloatPicture, transmission: number, airlight: readonly number[]): FloatPicture {
  const data = picture.data.map((value, i) => {
    // A corner of pure haze, from which the airlight can be estimated.
    const far = Math.floor(i / 3) % 64 < 20 && Math.floor(i / 192) < 20;
    return far ? airlight[i % 3]! : value * transmission + airlight[i % 3]! * (1 - transmission);
  });
  return { ...picture, data };
}

test('the dark channel prior takes off a haze that was put on, where its prior holds', () => {
  const [transmission, airlight] = [0.5, [0.9, 0.92, 0.95]];
  const input = hazed(colours, transmission, airlight);
  const restored = darkChannel.restore(input) as FloatPicture;
  const errors = (of: FloatPicture) => {
    const inside: number[] = [];
    for (const [i, value] of of.data.entries())
      if (Math.floor(i / 3) % 64 > 32) inside.push(Math.abs(value - colours.data[i]!));
    return mean(inside);
  };
  expect(errors(input)).toBeGreaterThan(0.25);
  expect(errors(restored)).toBeLessThan(0.06);
  const black = darkChannel.restore({ ...colours, data: new Float32Array(colours.data.length) });
  expect(black.data.every((value) => value === 0)).toBe(true);
});

test('identity changes nothing, constant stretches, and each names its tasks', () => {
  expect(identity.restore(colours)).toBe(colours);
  const { data } = constant.restore({ width: 3, height: 1, data: new Float32Array(9).map((_, i) => i / 8) });
  for (const [i, value] of data.entries()) expect(value).toBeCloseTo(Math.max(0, (i / 8 - 0.35) / 0.65), 6);
  expect(baselinesOf('haze')).toEqual(BASELINES);
  expect(baselinesOf('rain')).toEqual([identity]);
});
