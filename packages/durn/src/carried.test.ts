import { carriedOf } from '@unweather/testing';
import { expect, test } from 'vitest';
import { study } from './study/study.js';

test('the weights that the package carries are whole, described, and restore photographs that they never saw', {
  tags: 'whole',
}, async () => {
  const { problem, gain, strongColours, facts } = await carriedOf(study, 'rain');
  expect(problem).toBeUndefined();
  expect(gain).toBeGreaterThan(4);
  expect(facts.detail).toBeGreaterThan(0.8);
  expect(Math.abs(facts.frame)).toBeLessThan(3);
  expect(strongColours).toBeGreaterThan(1);
});

test('so do those of DuRN_S, which know this rain better', { tags: 'whole' }, async () => {
  const { problem, gain, strongColours, facts } = await carriedOf(study, 'rain', '@unweather/durn#rain-durn-s');
  expect(problem).toBeUndefined();
  expect(gain).toBeGreaterThan(6);
  expect(facts.detail).toBeGreaterThan(0.8);
  expect(Math.abs(facts.frame)).toBeLessThan(3);
  expect(strongColours).toBeGreaterThan(3);
});
