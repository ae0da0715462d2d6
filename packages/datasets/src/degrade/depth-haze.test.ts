import { Random } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { DEGRADATIONS } from './degradations.js';
import { type Depth, drawGround, drawPlanes, drawRoom } from './depth.js';

const frame = { left: 0, top: 0, width: 64, height: 48 };
const flat = (value: number) => ({ width: 64, height: 48, data: new Uint8Array(64 * 48 * 3).fill(value) });
const depths: readonly [string, (random: Random) => Depth][] = [
  ['planes', drawPlanes],
  ['a room', drawRoom],
  ['a ground', drawGround],
];

test.each(depths)('%s: the farthest place is at 1, none is nearer than the least or is no number', (_, draw) => {
  for (let seed = 0; seed < 40; seed++) {
    const depth = draw(new Random(seed));
    const values = Array.from({ length: 17 * 17 }, (__, i) => depth((i % 17) / 16, Math.floor(i / 17) / 16));
    for (const value of values) expect(value).toBeGreaterThanOrEqual(0.08);
    expect(Math.max(...values)).toBe(1);
    expect(depth(0.3, 0.4)).toBe(draw(new Random(seed))(0.3, 0.4));
  }
});

test('walls of a room are planes: 1/depth is linear along a line of the picture inside one of them', () => {
  let straight = 0;
  for (let seed = 0; seed < 40; seed++) {
    const depth = drawRoom(new Random(seed));
    const [a, b, c] = [0.8, 0.85, 0.9].map((v) => 1 / depth(0.5, v)) as [number, number, number];
    if (a !== b && Math.abs(a - 2 * b + c) < 1e-9) straight++;
  }
  expect(straight).toBeGreaterThan(12);
});

test('outdoors, what stands lower in the picture and on the ground is nearer', () => {
  for (let seed = 0; seed < 40; seed++) {
    const depth = drawGround(new Random(seed));
    const row = (v: number) => Math.min(...Array.from({ length: 40 }, (_, i) => depth(i / 39, v)));
    expect(row(1)).toBeLessThanOrEqual(row(0.02) + 1e-9);
  }
});

test('haze follows Koschmieder’s law: two greys tell the transmission, whose part of white is the airlight', () => {
  for (let seed = 0; seed < 30; seed++) {
    const hazy = (value: number) =>
      DEGRADATIONS['indoor-haze'].apply(flat(value), 'medium', new Random(seed), frame).data as Uint8Array;
    const [dark, middle, bright] = [hazy(20), hazy(70), hazy(120)];
    for (let i = 0; i < dark.length; i += 333) {
      const [low, high] = [middle[i]! - dark[i]!, bright[i]! - middle[i]!];
      if (bright[i]! < 255) expect(Math.abs(low - high)).toBeLessThanOrEqual(1);
      expect(high).toBeLessThanOrEqual(51);
    }
    expect(Math.max(...dark)).toBeGreaterThan(20);
  }
});

test('a cut-out has the haze of its place, and white air clips', () => {
  const whole = DEGRADATIONS['indoor-haze'].apply(flat(0), 'heavy', new Random(3), frame).data;
  const strip = { width: 64, height: 12, data: new Uint8Array(64 * 12 * 3) };
  const part = DEGRADATIONS['indoor-haze'].apply(strip, 'heavy', new Random(3), { ...frame, top: 36 }).data;
  expect(part).toEqual(whole.subarray(36 * 64 * 3));
  const white = Array.from({ length: 20 }, (_, seed) =>
    DEGRADATIONS['indoor-haze'].apply(flat(255), 'heavy', new Random(seed), frame),
  );
  for (const { data } of white) expect(Math.min(...(data as Uint8Array))).toBeGreaterThan(225);
});
