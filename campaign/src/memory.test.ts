import { temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';
import { restoreCrowd, slopeOf } from './memory.js';

test('a slope comes with its error: a line through noise is flat within it, growth is not', () => {
  const rounds = Array.from({ length: 200 }, (_, i) => i * 20);
  const noise = rounds.map((_, i) => Math.sin(i * i) * 5);
  const flat = slopeOf(rounds, noise);
  expect(Math.abs(flat.slope)).toBeLessThan(2 * flat.error);
  const grown = slopeOf(
    rounds,
    noise.map((megabytes, i) => megabytes + 0.01 * rounds[i]!),
  );
  expect(Math.abs(grown.slope - 1)).toBeLessThan(2 * grown.error);
  expect(grown.slope).toBeGreaterThan(5 * grown.error);
});

test('the delay of the event loop while 12 megapixels are restored is printed', { tags: 'whole' }, async () => {
  const { delay, megabytes } = await restoreCrowd(1, await temporaryFolder());
  console.log(`event loop late by at most ${delay.toFixed(0)} ms, ${megabytes.toFixed(0)} MB`);
  expect(delay).toBeGreaterThan(0);
});
