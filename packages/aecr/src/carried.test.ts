import { carriedOf } from '@unweather/testing';
import { expect, test } from 'vitest';
import { aecr } from './paper.js';

test('the weights that the package carries are whole, described, and restore photographs that they never saw', {
  tags: 'whole',
}, async () => {
  const { problem, gain, strongColours } = await carriedOf(aecr, 'haze');
  expect(problem).toBeUndefined();
  expect(gain).toBeGreaterThan(5);
  expect(strongColours).toBeGreaterThan(1);
});
