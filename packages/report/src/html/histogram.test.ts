import fc from 'fast-check';
import { expect, test } from 'vitest';
import { histogram } from './histogram.js';

test('every number is counted once, in the bin where it lies', () => {
  const values = fc.array(fc.double({ min: -60, max: 60, noNaN: true }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(values, values, (a, b) => {
      const { start, step, counts } = histogram([a, b]);
      const end = start + step * counts[0]!.length;
      expect(counts.map((bins) => bins.reduce((x, y) => x + y))).toEqual([a.length, b.length]);
      expect(counts[1]!.length).toBe(counts[0]!.length);
      for (const value of [...a, ...b]) {
        expect(value).toBeGreaterThanOrEqual(start - 1e-6);
        expect(value).toBeLessThanOrEqual(end + 1e-6);
      }
    }),
  );
});

test('bins are of a round width, and a number on an edge lies above it', () => {
  expect(histogram([[0, 0.1, 0.2, 0.3, 0.7]])).toEqual({ start: 0, step: 0.2, counts: [[2, 2, 0, 1]] });
  expect(histogram([[5], [5]])).toMatchObject({ counts: [[1], [1]] });
});
