import { expect, test } from 'vitest';
import { pairedDifference } from './paired.js';

const scenesOf = (count: number) => Array.from({ length: count }, (_, i) => `scene ${i}`);

/** Columns with so many pictures above, below and equal. */
function columns(above: number, below: number, equal: number) {
  const signs = [...Array(above).fill(1), ...Array(below).fill(-1), ...Array(equal).fill(0)] as number[];
  return { before: signs.map(() => 20), after: signs.map((sign) => 20 + sign), scenes: scenesOf(signs.length) };
}

// 2 * sum(math.comb(n, k) for k in range(min(above, below) + 1)) / 2 ** n of Python’s integers, at most 1.
test.each([
  [10, 0, 0, 0.001953125],
  [15, 5, 2, 0.04138946533203125],
  [3, 3, 0, 1],
  [0, 0, 4, 1],
  [1100, 1000, 0, 0.030720707864242296],
])('%i above, %i below and %i equal have the p of the binomial test', (above, below, equal, p) => {
  const { before, after, scenes } = columns(above, below, equal);
  const found = pairedDifference(before, after, scenes);
  expect([found.above, found.below, found.equal]).toEqual([above, below, equal]);
  expect(found.p).toBeCloseTo(p, 12);
});

test('versions of one scene count once', () => {
  const found = pairedDifference([20, 20, 20, 20], [21, 22, 19.5, 18], ['a', 'a', 'a', 'b']);
  expect(found).toMatchObject({ mean: 0.125, above: 1, below: 1, equal: 0, p: 1 });
});

test('two perfect pictures are equal, and a picture that became perfect is infinitely better', () => {
  const scenes = ['a', 'b'];
  expect(pairedDifference([Infinity, 20], [Infinity, 21], scenes)).toMatchObject({ mean: 0.5, above: 1, equal: 1 });
  expect(pairedDifference([Infinity, 20], [Infinity, Infinity], scenes).mean).toBe(Infinity);
});
