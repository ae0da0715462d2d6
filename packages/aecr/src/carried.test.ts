import { carriedOf } from '@unweather/testing';
import { expect, test } from 'vitest';
import { study } from './study/study.js';

test('the weights that the package carries are whole, described, and restore photographs that they never saw', {
  tags: 'whole',
}, async () => {
  const { problem, gain, strongColours, facts } = await carriedOf(study, 'haze');
  expect(problem).toBeUndefined();
  expect(gain).toBeGreaterThan(5);
  expect(facts.detail).toBeGreaterThan(0.8);
  // Pictures of 192 pixels get a border that is 4.9 of 255 too bright; the larger ones of SOTS indoor, 1.6.
  expect(Math.abs(facts.frame)).toBeLessThan(6);
  expect(strongColours).toBeGreaterThan(1);
});

test('the weights of AECR-Net itself do so, too, and leave detail soft', { tags: 'whole' }, async () => {
  const { problem, gain } = await carriedOf(study, 'haze', '@unweather/aecr#haze-aecr-net');
  expect(problem).toBeUndefined();
  expect(gain).toBeGreaterThan(5);
});
