import { carriedOf } from '@unweather/testing';
import { expect, test } from 'vitest';
import { durn } from './paper.js';

test('the weights that the package carries are whole, described, and restore photographs that they never saw', {
  tags: 'whole',
}, async () => {
  const { problem, gain, strongColours, facts } = await carriedOf(durn, 'rain');
  expect(problem).toBeUndefined();
  expect(gain).toBeGreaterThan(6);
  expect(facts.detail).toBeGreaterThan(0.8);
  expect(Math.abs(facts.frame)).toBeLessThan(3);
  expect(strongColours).toBeGreaterThan(3);
});
