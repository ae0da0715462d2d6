import type { Picture } from '@unweather/core-tensor';
import { Random } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { factsOf, type PictureFacts } from './facts.js';
import { cleanGate, pairGates } from './gates.js';

const [width, height] = [70, 64];
const random = Random.named('gates');
const truth: Picture = {
  width,
  height,
  data: new Uint8Array(width * height * 3).map(() => 60 + Math.floor(100 * random.uniform())),
};
const changed = (change: (value: number, x: number, y: number, channel: number) => number): Picture => ({
  ...truth,
  data: truth.data.map((value, i) => change(value, Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3)),
});

test('facts tell a frame, lost detail, and a block of another colour', () => {
  const same = factsOf(
    changed((value) => value + 20),
    truth,
    truth,
  );
  expect(same).toMatchObject({ psnr: Infinity, detail: 1, frame: 0, block: 0, blockIn: 20 });
  expect(same.psnrIn).toBeCloseTo(20 * Math.log10(255 / 20), 6);
  const framed = changed((value, x, y) => (Math.min(x, y, width - 1 - x, height - 1 - y) < 4 ? value - 8 : value));
  expect(factsOf(truth, framed, truth).frame).toBeCloseTo(-8, 6);
  const half = changed((value) => Math.round(110 + (value - 110) / 2));
  expect(factsOf(truth, half, truth).detail).toBeCloseTo(0.5, 1);
  const red = changed((value, x, y, channel) => (channel === 0 && x >= 32 && x < 64 && y < 32 ? value + 9 : value));
  expect(factsOf(truth, red, truth)).toMatchObject({ block: 9, blockIn: 0 });
});

const good: PictureFacts = { psnrIn: 20, psnr: 30, detail: 0.95, frame: 0.5, blockIn: 40, block: 9 };
const baselines = new Map([
  ['identity', 20],
  ['constant', 26],
]);
const failed = (facts: readonly PictureFacts[]) =>
  pairGates(facts, baselines)
    .filter(({ passed }) => !passed)
    .map(({ demand, reached }) => `${demand}: ${reached}`);

test('each gate fails by itself and says by how much', () => {
  const ten = Array.from({ length: 10 }, () => good);
  const but = (count: number, other: Partial<PictureFacts>) =>
    ten.map((one, i) => (i < count ? { ...one, ...other } : one));
  expect(failed(ten)).toEqual([]);
  expect(failed(but(1, { psnr: 19 }))).toEqual([]);
  expect(failed(but(2, { psnr: 19 }))).toEqual(['nine of ten pictures gain: 8 of 10']);
  expect(failed(but(10, { psnr: 26.5 }))).toEqual(['the mean is 1 dB above every baseline: 26.50 dB, constant 26.00']);
  expect(failed(but(10, { detail: 0.7 }))).toEqual(['0.8 of the truth’s detail stays: 0.70']);
  expect(failed(but(10, { frame: -8 }))).toEqual(['no frame at the edges: -8.0 of 255']);
  expect(failed(but(1, { block: 41 }))).toEqual(['no place is off in colour by more than the input’s worst: 9 of 10']);
});

test('clean pictures are held to 38 dB in the mean', () => {
  expect(cleanGate([40, Infinity, 39])).toMatchObject({
    passed: true,
    reached: expect.stringContaining('39.0 at worst'),
  });
  expect(cleanGate([30, 36, 39])).toMatchObject({ passed: false, reached: '35.0 dB in the mean of 3, 30.0 at worst' });
});
