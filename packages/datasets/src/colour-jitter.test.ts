import { Random } from '@unweather/core-tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawColourJitter, withColourJitter } from './colour-jitter.js';

const KEPT = { channels: [0, 1, 2], saturation: 1 } as const;

test('channels are exchanged and saturation scales the distance from grey, as computed by hand', () => {
  const picture = { width: 2, height: 1, data: Uint8Array.of(200, 100, 30, 90, 90, 90) };
  const exchanged = withColourJitter(picture, { channels: [2, 0, 1], saturation: 1 });
  expect([...exchanged.data]).toEqual([30, 200, 100, 90, 90, 90]);
  // The mean is 110: 110 + 2·90 = 290 and 110 − 2·80 = −50 are clamped.
  const stronger = withColourJitter(picture, { ...KEPT, saturation: 2 });
  expect([...stronger.data]).toEqual([255, 90, 0, 90, 90, 90]);
  expect([...picture.data]).toEqual([200, 100, 30, 90, 90, 90]);
});

test('floats stay in [0, 1], bytes and floats agree, and nothing changes nothing', () => {
  const bytes = fc.uint8Array({ minLength: 12, maxLength: 12 });
  const jitter = fc.record({
    channels: fc.constantFrom([0, 1, 2] as const, [1, 2, 0] as const, [2, 1, 0] as const),
    saturation: fc.double({ min: 0.5, max: 2, noNaN: true }),
  });
  fc.assert(
    fc.property(bytes, jitter, (data, drawn) => {
      const picture = { width: 2, height: 2, data };
      const floats = { ...picture, data: Float32Array.from(data, (value) => value / 255) };
      expect(withColourJitter(picture, KEPT)).toEqual(picture);
      const out = withColourJitter(picture, drawn).data;
      withColourJitter(floats, drawn).data.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(Math.abs(value * 255 - out[i]!)).toBeLessThan(0.501);
      });
    }),
  );
});

test('half of what is drawn is no change; the rest takes every order of channels and the whole range of saturation', () => {
  const random = Random.named('colours');
  const drawn = Array.from({ length: 1200 }, () => drawColourJitter(random)).filter((jitter) => jitter !== undefined);
  expect(drawn.length).toBeGreaterThan(530);
  expect(drawn.length).toBeLessThan(670);
  expect(new Set(drawn.map(({ channels }) => channels.join())).size).toBe(6);
  const saturations = drawn.map(({ saturation }) => saturation);
  expect(Math.min(...saturations)).toBeLessThan(0.55);
  expect(Math.max(...saturations)).toBeGreaterThan(1.95);
});
