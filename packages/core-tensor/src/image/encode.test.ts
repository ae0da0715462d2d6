import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decodePicture } from './decode.js';
import { encodePicture, formatNamed } from './encode.js';
import type { Picture } from './picture.js';

const embedded = (name: string) =>
  readFileSync(new URL(`../../../datasets/embedded/held-out/${name}.png`, import.meta.url));
const small = (bytes: Buffer) => sharp(bytes).resize(64, 48, { fit: 'fill' });

test('a Display-P3 JPEG keeps its profile, and its numbers are not converted', async () => {
  const jpeg = await small(embedded('coffee')).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer();
  const { picture, profile, depth } = await decodePicture(jpeg, 'p3.jpg');
  const stored = await sharp(jpeg, { ignoreIcc: true }).raw().toBuffer();
  expect(Buffer.from(picture.data as Uint8Array).equals(stored)).toBe(true);
  expect(depth).toBe(8);
  for (const format of ['png', 'jpg', 'webp', 'avif', 'tiff'] as const) {
    const written = await encodePicture({ picture, profile: profile! }, format, { quality: 100 });
    const { icc, orientation } = await sharp(written).metadata();
    expect([icc?.equals(Buffer.from(profile!)), orientation ?? 1]).toEqual([true, 1]);
    const again = await decodePicture(written, format);
    const off = (again.picture as Picture).data.map((value, i) => Math.abs(value - stored[i]!));
    expect(Math.max(...off)).toBeLessThanOrEqual({ png: 0, tiff: 0, jpg: 6, webp: 40, avif: 12 }[format]);
  }
});

test('16 bits are read and written whole, with alpha', async () => {
  const words = Uint16Array.from({ length: 20 * 10 * 4 }, (_, i) => (i * 7919) % 65536);
  const png = await sharp(words, { raw: { width: 20, height: 10, channels: 4 } })
    .toColourspace('rgb16')
    .png()
    .toBuffer();
  const decoded = await decodePicture(png, 'deep.png');
  expect([decoded.depth, decoded.picture.data instanceof Float32Array]).toEqual([16, true]);
  for (const format of ['png', 'tiff'] as const) {
    const raw = await sharp(await encodePicture(decoded, format))
      .toColourspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer();
    expect(raw.equals(Buffer.from(words.buffer))).toBe(true);
  }
  const { depth, alpha } = await decodePicture(await encodePicture(decoded, 'png', { depth: 8 }), 'x');
  expect([depth, alpha?.[3]]).toEqual([8, Math.round(words[15]! / 257)]);
});

test('alpha goes through; JPEG takes a picture whose alpha hides nothing', async () => {
  const bytes = Uint8Array.from({ length: 70 * 70 * 4 }, (_, i) => (i * 31) % 256);
  const png = await sharp(bytes, { raw: { width: 70, height: 70, channels: 4 } })
    .png()
    .toBuffer();
  const decoded = await decodePicture(png, 'x.png');
  for (const [format, depth] of [
    ['png', 8],
    ['tiff', 8],
    ['png', 16],
  ] as const) {
    const again = await decodePicture(await encodePicture(decoded, format, { depth }), 'x');
    expect(
      Buffer.from(again.alpha!).equals(Buffer.from(decoded.alpha!.map((value) => value * (depth / 8 === 2 ? 257 : 1)))),
    ).toBe(true);
  }
  await expect(encodePicture(decoded, 'jpg')).rejects.toThrow(
    'JPEG cannot store transparency, which this picture has; write png, webp, avif or tiff',
  );
  const opaque = { ...decoded, alpha: new Uint8Array(4900).fill(255) };
  expect((await sharp(await encodePicture(opaque, 'jpg')).metadata()).format).toBe('jpeg');
});

test('orientation is applied, grey and CMYK become sRGB', async () => {
  const turned = await small(embedded('city')).jpeg().withMetadata({ orientation: 6 }).toBuffer();
  const { picture } = await decodePicture(turned, 'turned.jpg');
  expect([picture.width, picture.height]).toEqual([48, 64]);
  const grey = await small(embedded('city')).toColourspace('b-w').png().toBuffer();
  const { data } = (await decodePicture(grey, 'grey.png')).picture;
  expect(data.length).toBe(64 * 48 * 3);
  const cmyk = await small(embedded('city')).toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer();
  const seen = await decodePicture(cmyk, 'cmyk.jpg');
  expect([seen.profile, seen.picture.data.length]).toEqual([undefined, 64 * 48 * 3]);
});

test('names tell the format; what a format does not hold is said', async () => {
  const names = ['a.JPEG', 'b.tif', 'c.d/e.webp', 'f.avif', 'g.png', 'h.jfif', 'i.JPE', 'j.gif'];
  expect(names.map(formatNamed)).toEqual(['jpg', 'tiff', 'webp', 'avif', 'png', 'jpg', 'jpg', 'gif']);
  for (const path of ['x.bmp', 'x', 'a.png/x'])
    expect(() => formatNamed(path)).toThrow(`${path}: the name must end in .png, .jpg, .webp, .avif, .tiff, .gif;`);
  const picture = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) };
  const encode = (...[format, options]: Parameters<typeof encodePicture> extends [unknown, ...infer R] ? R : never) =>
    encodePicture({ picture }, format, options);
  await expect(encode('webp', { depth: 16 })).rejects.toThrow(
    'webp cannot store 16 bits per channel; write png or tiff',
  );
  await expect(encode('png', { depth: 12 as 8 })).rejects.toThrow('depth is 12; give 8 or 16');
  await expect(encode('jpg', { quality: 0 })).rejects.toThrow('quality is 0; give a whole number from 1 to 100');
  await expect(encode('bmp' as 'png')).rejects.toThrow('there is no picture format "bmp"; choose one of png');
});

test('what is no picture, or half of one, is named', async () => {
  await expect(decodePicture(Buffer.from('no picture'), 'text')).rejects.toThrow(
    /^text: not a readable picture \(.+\); give another one/,
  );
  const half = embedded('path').subarray(0, 4000);
  await expect(decodePicture(half, 'half.png')).rejects.toThrow(/^half\.png: not a readable picture \(.+\)/);
});
