import type { Picture } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { ERROR_SCALE, errorMap, inferno, infernoGradient } from './error-map.js';

const picture = (...data: number[]): Picture => ({ width: data.length / 3, height: 1, data: Uint8Array.from(data) });

test('an error is the mean of the channels’ distances, on a scale that ends', () => {
  const { picture: map, mean } = errorMap(
    picture(10, 20, 30, 0, 0, 0, 255, 0, 9),
    picture(10, 20, 30, 96, 96, 0, 0, 255, 9),
  );
  expect(mean).toBeCloseTo((0 + 64 + 170) / 3, 9);
  expect([...map.data]).toEqual([...inferno(0), ...inferno(1), ...inferno(1)]);
  expect(errorMap(picture(0, 0, 0), picture(ERROR_SCALE, 0, ERROR_SCALE / 2)).picture.data[0]).toBe(inferno(0.5)[0]);
});

test('the colours are matplotlib’s at the ends and in the middle, and grow brighter all the way', () => {
  expect([inferno(0), inferno(0.5), inferno(1), inferno(7)]).toEqual([
    [0, 0, 4],
    [188, 55, 84],
    [252, 255, 164],
    [252, 255, 164],
  ]);
  const luma = Array.from({ length: 65 }, (_, i) => inferno(i / 64)).map(
    ([r, g, b]) => 0.299 * r + 0.587 * g + 0.114 * b,
  );
  for (let i = 1; i < luma.length; i++) expect(luma[i]!).toBeGreaterThan(luma[i - 1]!);
  expect(infernoGradient()).toMatch(/^linear-gradient\(to right, rgb\(0 0 4\), .*rgb\(252 255 164\)\)$/);
});
