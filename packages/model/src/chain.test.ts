import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBrowserPicture } from './browser/read-input.js';
import { openModel, type PictureModel } from './load.js';
import { RestoredPicture } from './restored-picture.js';
import { checkpoints, small } from './test-support.small.js';

const photo = fileURLToPath(new URL('../../datasets/embedded/held-out/city.png', import.meta.url));
let same: PictureModel;
let other: PictureModel;
beforeAll(async () => {
  const files = await checkpoints();
  same = await openModel(small, { task: 'same', weights: files.same, threads: 1 });
  other = await openModel(small, { task: 'small', weights: files.small, threads: 1 });
});
afterAll(async () => {
  await same.dispose();
  await other.dispose();
});

const raw = (picture: RestoredPicture) => picture.toFloat32().data;

test('what one network gives is the input of the next, with its alpha and its profile', async () => {
  const input = await sharp(photo).resize(40, 30).ensureAlpha(0.5).withIccProfile('p3').png().toBuffer();
  const first = await same.restore(input);
  const second = await same.restore(first);
  expect(raw(second)).toEqual(raw(first));
  const { icc, hasAlpha } = await sharp(await second.toBuffer('png')).metadata();
  expect([icc !== undefined, hasAlpha]).toEqual([true, true]);
  expect(second.toImageData().data[3]).toBe(first.toImageData().data[3]);
});

test('all frames and 16 bits go on into the next network, or the frame that is chosen', async () => {
  const colours = ['#204060', '#608040'];
  const pages = await Promise.all(
    colours.map((background) =>
      sharp({ create: { width: 9, height: 8, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const first = await same.restore(
    await sharp(pages, { join: { animated: true } })
      .gif()
      .toBuffer(),
  );
  const all = await same.restore(first);
  expect([first.frames, all.frames]).toEqual([2, 2]);
  expect([1, 2].map((frame) => all.toFloat32(frame))).toEqual([1, 2].map((frame) => first.toFloat32(frame)));
  const second = await same.restore(first, { frame: 2 });
  expect([second.frames, second.toFloat32()]).toEqual([1, first.toFloat32(2)]);
  await expect(same.restore(first, { frame: 3 })).rejects.toThrow('there is no frame 3; give a number from 1 to 2');
  await expect(same.restore(first.toFloat32(), { frame: 2 })).rejects.toThrow('the Float32Array: there is no frame 2');
  const deep = await sharp(photo).resize(40, 30).toColourspace('rgb16').png().toBuffer();
  expect((await same.restore(await same.restore(deep))).depth).toBe(16);
});

test('a result that overshoots is clamped on its way into the next network, as it is into a file', async () => {
  const overshot = await other.restore(photo);
  const values = raw(overshot);
  expect(values.some((value) => value < 0 || value > 1)).toBe(true);
  const clamped = values.map((value) => Math.min(Math.max(value, 0), 1));
  expect(raw(await same.restore(overshot))).toEqual(clamped);
  const filled = (value: number) =>
    new RestoredPicture({ picture: { width: 9, height: 8, data: new Float32Array(216).fill(value) }, depth: 8 });
  const far = filled(7);
  expect(raw(await same.restore(far)).every((value) => value === 1)).toBe(true);
  const nan = filled(Number.NaN);
  await expect(same.restore(nan)).rejects.toThrow('the restored picture contains NaN in row 0; check the weights');
});

test('planes from −1 to 2 are clamped, others refused', async () => {
  const planes = (value: number) => ({ data: new Float32Array(216).fill(value), shape: [3, 8, 9] });
  for (const [value, becomes] of [
    [-1, 0],
    [-0.01, 0],
    [0.5, 0.5],
    [1.01, 1],
    [2, 1],
  ] as const)
    expect(raw(await same.restore(planes(value)))[0]).toBeCloseTo(becomes, 6);
  for (const value of [-1.01, 2.01, 255, Number.NaN, Number.POSITIVE_INFINITY])
    await expect(same.restore(planes(value))).rejects.toThrow(
      /contains .+ in channel 0, row 0, column 0; give numbers/,
    );
});

test('a browser takes a restored picture, too', async () => {
  const { name, decoded } = await readBrowserPicture(await same.restore(photo));
  expect(name).toBe('the restored picture');
  expect(decoded.picture.data).toHaveLength(decoded.picture.width * decoded.picture.height * 3);
});
