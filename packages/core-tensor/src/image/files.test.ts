import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test-support.js';
import { pictureSize, readPicture, writePng } from './files.js';
import { cut, mirrored, type Picture, rotated, toBytes } from './picture.js';
import { fromPlanes, toPlanes } from './planes.js';

const picture: Picture = { width: 16, height: 16, data: Uint8Array.from({ length: 768 }, (_, i) => (i * 7) % 256) };

test('a PNG gives back its pixels', async () => {
  const file = join(await temporaryFolder(), 'x.png');
  await writePng(file, picture);
  expect(await readPicture(file)).toEqual(picture);
  expect(await pictureSize(file)).toEqual({ width: 16, height: 16 });
});

test('grey is spread, alpha dropped, 16 bits become 8, EXIF rotation applied', async () => {
  const folder = await temporaryFolder();
  const grey = sharp(Buffer.from([10, 200]), { raw: { width: 2, height: 1, channels: 1 } });
  await grey.toColourspace('b-w').png().toFile(join(folder, 'grey.png'));
  expect([...(await readPicture(join(folder, 'grey.png'))).data]).toEqual([10, 10, 10, 200, 200, 200]);
  const alpha = sharp(Buffer.from([1, 2, 3, 0]), { raw: { width: 1, height: 1, channels: 4 } });
  await alpha.png().toFile(join(folder, 'alpha.png'));
  expect([...(await readPicture(join(folder, 'alpha.png'))).data]).toEqual([1, 2, 3]);
  const deep = sharp(Buffer.from([50, 100, 150]), { raw: { width: 1, height: 1, channels: 3 } });
  await deep.toColourspace('rgb16').png().toFile(join(folder, 'deep.png'));
  expect([...(await readPicture(join(folder, 'deep.png'))).data]).toEqual([50, 100, 150]);
  const tall = sharp({ create: { width: 4, height: 2, channels: 3, background: '#fff' } });
  await tall.withMetadata({ orientation: 6 }).jpeg().toFile(join(folder, 'turned.jpg'));
  expect(await pictureSize(join(folder, 'turned.jpg'))).toEqual({ width: 2, height: 4 });
  expect((await readPicture(join(folder, 'turned.jpg'))).height).toBe(4);
});

test('a missing, a truncated and a false picture are named', async () => {
  const folder = await temporaryFolder();
  const [whole, half, text] = ['whole.png', 'half.png', 'text.png'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writePng(whole, picture);
  const bytes = await readFile(whole);
  await writeFile(half, bytes.subarray(0, bytes.length / 2));
  await writeFile(text, 'no picture');
  await expect(readPicture(join(folder, 'none.png'))).rejects.toThrow(/none\.png: cannot be read \(no such file/);
  await expect(readPicture(half)).rejects.toThrow(/half\.png: not a readable picture \(.+\); replace the file/);
  await expect(readPicture(text)).rejects.toThrow(/text\.png: not a readable picture/);
  await expect(pictureSize(text)).rejects.toThrow(
    /text\.png: not a readable picture \(.+\); check the path or replace/,
  );
});

test('bytes survive the way through planes; values beyond [0, 1] are clamped and fractions truncated', () => {
  for (const order of ['rgb', 'bgr'] as const) {
    const planes = new Float32Array(768);
    toPlanes(picture, order, planes);
    expect(toBytes(fromPlanes(planes, 16, 16, order))).toEqual(picture);
  }
  const pixel: Picture = { width: 1, height: 1, data: Uint8Array.of(51, 102, 204) };
  const planes = new Float32Array(4);
  toPlanes(pixel, 'bgr', planes, 1);
  expect([...planes]).toEqual([0, 204 / 255, 102 / 255, 51 / 255].map(Math.fround));
  toPlanes(pixel, 'grey', planes);
  expect([...toBytes(fromPlanes(planes, 1, 1, 'grey')).data]).toEqual([51, 51, 51]);
  expect([...toBytes({ width: 1, height: 1, data: Float32Array.of(-0.1, 1.1, 0.9999) }).data]).toEqual([0, 255, 254]);
});

test('turning is counter-clockwise, by any number of quarters', () => {
  const wide: Picture = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, i) => Math.floor(i / 3)) };
  const seen = (quarters: number) => {
    const { width, height, data } = rotated(wide, quarters);
    return [width, height, ...Array.from({ length: 6 }, (_, i) => data[i * 3])];
  };
  expect(seen(1)).toEqual([2, 3, 2, 5, 1, 4, 0, 3]);
  expect(seen(2)).toEqual([3, 2, 5, 4, 3, 2, 1, 0]);
  expect(seen(3)).toEqual([2, 3, 3, 0, 4, 1, 5, 2]);
  expect(seen(-1)).toEqual(seen(3));
  expect(rotated(wide, 4)).toBe(wide);
});

test('cutting and mirroring move the pixels they should', () => {
  const small: Picture = { width: 2, height: 2, data: Uint8Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4) };
  expect([...mirrored(small).data]).toEqual([2, 2, 2, 1, 1, 1, 4, 4, 4, 3, 3, 3]);
  expect([...cut(small, { left: 1, top: 0, width: 1, height: 2 }).data]).toEqual([2, 2, 2, 4, 4, 4]);
});
