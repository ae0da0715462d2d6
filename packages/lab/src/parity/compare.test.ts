import { float32 } from '@unweather/core-tensor';
import { describe, expect, test } from 'vitest';
import { compare, compareSummary, compareTexts, norm, normOfDifference } from './compare.js';

const tolerance = () => ({ relative: 0.1, absolute: 0.5 });
const against = (expected: number | null, got: number | undefined) =>
  compare([['x', expected]], () => got, tolerance).share;

describe('what passes and what fails', () => {
  test('a share of the tolerance, relative and absolute together', () => {
    expect(against(10, 10)).toBe(0);
    expect(against(10, 11.5)).toBeCloseTo(1, 12);
    expect(against(10, 13)).toBeCloseTo(2, 12);
    expect(against(-10, -11.5)).toBeCloseTo(1, 12);
  });

  test('NaN and infinity fail, on either side', () => {
    expect(against(1, Number.NaN)).toBe(Infinity);
    expect(against(Number.NaN, 1)).toBe(Infinity);
    expect(against(1, Infinity)).toBe(Infinity);
  });

  test('none stands for none', () => {
    expect(against(null, undefined)).toBe(0);
    expect(against(null, 0)).toBe(Infinity);
    expect(against(0, undefined)).toBe(Infinity);
  });

  test('the worst of several is shown', () => {
    const numbers = [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const;
    const got = new Map([
      ['a', 1.1],
      ['b', 4],
      ['c', 3.1],
    ]);
    expect(compare(numbers, (name) => got.get(name), tolerance)).toMatchObject({ where: 'b', expected: '2.000000' });
  });
});

test('a summary checks shape, moments and samples', () => {
  const tensor = float32(Float32Array.of(0, 1, 2, 3), [4]);
  const summary = { shape: [4], mean: 1.5, std: Math.sqrt(1.25), min: 0, max: 3, value: [0, 2] };
  const exact = { relative: 0, absolute: 1e-6 };
  expect(compareSummary('x', summary, tensor, exact).share).toBeLessThan(0.01);
  expect(compareSummary('x', { ...summary, shape: [2, 2] }, tensor, exact)).toMatchObject({
    expected: '[2,2]',
    got: '[4]',
  });
  for (const wrong of [{ mean: 1 }, { std: 1 }, { min: 1 }, { max: 4 }, { value: [0, 1] }])
    expect(compareSummary('x', { ...summary, ...wrong }, tensor, exact).share).toBeGreaterThan(1);
  expect(compareSummary('x', { ...summary, index: [0, 1] }, tensor, exact)).toMatchObject({ where: 'x[1]' });
});

test('lists must be equal, entry by entry', () => {
  expect(compareTexts([['a', [1]]], [['a', [1]]]).share).toBe(0);
  expect(compareTexts(['a'], ['a', 'b'])).toMatchObject({ share: Infinity, where: 'entry 1', got: '"b"' });
});

test('norms', () => {
  const [a, b] = [float32(Float32Array.of(3, 4), [2]), float32(Float32Array.of(0, 0), [2])];
  expect([norm(a), norm(undefined), normOfDifference(a, b), normOfDifference(a, undefined)]).toEqual([
    5,
    undefined,
    5,
    undefined,
  ]);
});
