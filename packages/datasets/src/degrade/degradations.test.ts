import { createHash } from 'node:crypto';
import { type AnyPicture, Random, toBytes, toFloats } from '@unweather/core-tensor';
import { describe, expect, test } from 'vitest';
import { noise } from '../test-support.js';
import { DEGRADATIONS, type Degradation, type DegradationName } from './degradations.js';
import { torchNormals } from './torch-normal.js';

/** A soft scene: bright sky above, dark ground below, and a grain. */
const scene = (() => {
  const { width, height, data } = noise('scene', 64, 48);
  const soft = data.map((value, i) => 40 + 150 * (1 - Math.floor(i / 192) / 48) + (value - 128) / 8);
  return { width, height, data: soft };
})();
const frame = { left: 0, top: 0, width: 64, height: 48 };

const apply = (name: DegradationName, level: string, seed = 1) =>
  (DEGRADATIONS[name] as Degradation).apply(scene, level, new Random(seed), frame);
const digest = (picture: AnyPicture) => createHash('sha256').update(toBytes(picture).data).digest('hex').slice(0, 16);
const error = (picture: AnyPicture) => {
  const [a, b] = [picture, scene].map((p) => toFloats(p).data);
  return a!.reduce((sum, value, i) => sum + (value - b![i]!) ** 2, 0) / a!.length;
};

/** Hashes of the results when the code was written: a version that changes pictures must not go unnoticed. */
const PINNED: Readonly<Record<DegradationName, string>> = {
  rain: '6b197eacfe455e24',
  'dense-rain': '3fcdf8e778297ce1',
  'screened-rain': 'e61d48f41d5f85d4',
  'added-rain': '07c0b8ae9aeda412',
  'room-haze': 'ba0466c87941e177',
  'indoor-haze': '5d94c14f32bdcaa9',
  'outdoor-haze': '10ea3abba3c1c2c1',
  snow: '9b55b821909e66c7',
  'flaked-snow': '13b701638d5a37a6',
  haze: 'ed231fa203a027b5',
  raindrops: '7c6d5fb3f23d6ce0',
  'defocused-drops': 'd78209a73903564b',
  'motion-blur': 'f39873e7e8a92089',
  'camera-noise': '86e312c2d3c4e6f8',
  'gaussian-noise': 'edef8e3dc128aed7',
  'gaussian-noise-seeded': '422b041096abac85',
};

describe.each(Object.keys(DEGRADATIONS) as DegradationName[])('%s', (name) => {
  const { levels } = DEGRADATIONS[name];

  test('keeps the size, is the same for the same stream, and grows worse from level to level', () => {
    const errors = levels.map((level) => {
      const seeds = Array.from({ length: 8 }, (_, seed) => apply(name, level, seed));
      for (const { width, height, data } of seeds) expect([width, height, data.length]).toEqual([64, 48, 9216]);
      return seeds.reduce((sum, picture) => sum + error(picture), 0);
    });
    expect([...errors].sort((a, b) => a - b)).toEqual(errors);
    expect(errors[0]).toBeGreaterThan(0);
    expect(apply(name, levels[0]!)).toEqual(apply(name, levels[0]!));
    if (name !== 'gaussian-noise-seeded') expect(apply(name, levels[0]!, 2)).not.toEqual(apply(name, levels[0]!));
  });

  test('gives the same bytes today and tomorrow', () => {
    expect(digest(apply(name, levels[1] ?? levels[0]))).toBe(PINNED[name]);
  });
});

test('haze lies thicker where the scene is farther, and a cut-out has the haze of its place', () => {
  const black = { width: 64, height: 48, data: new Uint8Array(9216) };
  const haze = (picture: typeof black, place: typeof frame) =>
    DEGRADATIONS.haze.apply(picture, 'medium', new Random(3), place).data;
  const whole = haze(black, frame);
  const rows = (first: number, count: number) => whole.subarray(first * 192, (first + count) * 192);
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  expect(mean(rows(0, 12))).toBeGreaterThan(mean(rows(36, 12)) + 5);
  const strip = { width: 64, height: 12, data: new Uint8Array(2304) };
  expect(haze(strip, { ...frame, top: 36 })).toEqual(rows(36, 12));
});

test('haze in a room is even over a thing, and jumps where another one stands before or behind it', () => {
  const halves = { width: 64, height: 48, data: new Uint8Array(9216) };
  for (let i = 0; i < halves.data.length; i++) halves.data[i] = Math.floor(i / 3) % 64 < 32 ? 0 : 200;
  // Share of a bright or dark place that is lost to haze, in one row: 0 if none.
  const steps = Array.from({ length: 12 }, (_, seed) => {
    const { data } = DEGRADATIONS['room-haze'].apply(halves, 'heavy', new Random(seed), frame);
    const moved = (x: number) => Math.abs(data[(24 * 64 + x) * 3]! - halves.data[(24 * 64 + x) * 3]!);
    const through = (x: number) => 1 - moved(x) / Math.abs(250 - halves.data[(24 * 64 + x) * 3]!);
    return [Math.abs(through(20) - through(22)), Math.abs(through(20) - through(44))] as const;
  });
  for (const [inside] of steps) expect(inside).toBeLessThan(0.05);
  expect(steps.filter(([, across]) => across > 0.1).length).toBeGreaterThan(3);
});

test('blur keeps the light of the whole; noise of a camera grows with the light', () => {
  const flat = (value: number) => ({ width: 64, height: 48, data: new Uint8Array(9216).fill(value) });
  expect(DEGRADATIONS['motion-blur'].apply(flat(90), 'long', new Random(1), frame).data).toEqual(flat(90).data);
  const spread = (value: number) => {
    const noisy = DEGRADATIONS['camera-noise'].apply(flat(value), 'medium', new Random(1), frame);
    const light = (byte: number) => (byte / 255) ** 2.2;
    return toBytes(noisy).data.reduce((sum, got) => sum + (light(got) - light(value)) ** 2, 0);
  };
  expect(spread(170)).toBeGreaterThan(1.5 * spread(60));
});

test('seeded noise is PyTorch’s normal_, whole rounds and a rest', () => {
  // torch.manual_seed(8526081014239199321); torch.FloatTensor(20).normal_(0, 30), PyTorch 1.13
  const golden = [
    ...[16.42236, -11.87546, 32.35411, 32.42496, -2.54549, 22.69086, 28.4884, -27.32083, -10.53475, 23.03534],
    ...[-25.28673, 1.48924, 18.4574, -39.17205, -12.87092, 58.92644, 54.88725, 0.58754, -20.01507, 21.27377],
  ];
  for (const [i, value] of torchNormals(1676542041, 20, 30).entries()) expect(value).toBeCloseTo(golden[i]!, 4);
  expect(() => torchNormals(1, 15, 1)).toThrow('PyTorch draws fewer than 16 numbers by another rule');
});
