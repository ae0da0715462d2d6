import { expect, test } from 'vitest';
import { besidePublished, gainOf, intervalText, pictureCount, signed } from './format.js';

test('numbers for people: published in brackets, a sign where there is a difference', () => {
  expect([besidePublished(31.896, 33.13, 2), besidePublished(31.896, undefined, 2)]).toEqual([
    '31.90 (33.13)',
    '31.90',
  ]);
  expect([1.234, -1.234, 0.001, -0.001, Infinity, -Infinity].map((value) => signed(value, 2))).toEqual([
    '+1.23',
    '−1.23',
    '0.00',
    '0.00',
    '+inf',
    '−inf',
  ]);
  expect(intervalText({ mean: 2, low: 1.25, high: Infinity }, 1)).toBe('1.3 to inf');
  expect([pictureCount(50, 1201), pictureCount(58, 58), pictureCount(58, null)]).toEqual(['50 of 1201', '58', '58']);
});

test('a picture that was perfect and stayed so gained nothing', () => {
  const scores = (psnr: number) => ({ psnr, ssim: 1, ssimJs: 1 });
  expect(gainOf({ input: scores(Infinity), restored: scores(Infinity) })).toBe(0);
  expect(gainOf({ input: scores(Infinity), restored: scores(40) })).toBe(-Infinity);
});
