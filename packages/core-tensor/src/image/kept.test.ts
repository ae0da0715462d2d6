import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../test-support.js';
import { decodePicture } from './decode.js';
import { encodePicture } from './encode.js';
import { pictureSize } from './files.js';
import { findPictures } from './find-pictures.js';
import { numberField } from './metadata/directory.js';
import { metadataIn } from './metadata/in-files.js';
import { withDensityInJpeg } from './metadata/jpeg.js';
import { chunk, keywordOf } from './metadata/png.js';
import { tiffOf, withChunk, word } from './test-support.files.js';

const [width, height] = [8, 6];
const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256);
const image = () => sharp(data, { raw: { width, height, channels: 3 } });
const densityOf = async (file: Uint8Array) => (await sharp(file).metadata()).density;

describe('pixels per inch', () => {
  test.each(['jpeg', 'png', 'tiff'] as const)('of a %s are written to each format that holds them', async (from) => {
    const perMillimetre = { xres: 300 / 25.4, yres: 300 / 25.4 };
    const tiff = await image().tiff(perMillimetre).toBuffer();
    // Without EXIF data, a JPEG notes them in its JFIF header alone, a PNG in pHYs.
    const file = from === 'tiff' ? tiff : await sharp(tiff)[from]().toBuffer();
    const decoded = await decodePicture(from === 'jpeg' ? withDensityInJpeg(file, 300) : file, from);
    for (const to of ['jpg', 'png', 'tiff'] as const)
      for (const metadata of ['keep', 'none'] as const)
        expect(await densityOf(await encodePicture(decoded, to, { metadata })), `${from} to ${to}`).toBe(300);
  });

  test('that no file states are 72, not the 25 that libvips assumes', async () => {
    for (const to of ['jpg', 'png', 'tiff'] as const)
      expect(await densityOf(await encodePicture({ picture: { width, height, data } }, to))).toBe(72);
  });
});

test('a WebP without loss is written without loss, unless a quality is given', async () => {
  const lossless = await decodePicture(await image().webp({ lossless: true }).toBuffer(), 'l.webp');
  const again = await decodePicture(await encodePicture(lossless, 'webp'), 'again.webp');
  expect([again.lossless, [...again.picture.data]]).toEqual([true, [...data]]);
  expect((await decodePicture(await encodePicture(lossless, 'webp', { quality: 90 }), 'x')).lossless).toBeUndefined();
  const lossy = await decodePicture(await image().webp({ quality: 90 }).toBuffer(), 'q.webp');
  expect(lossy.lossless).toBeUndefined();
  const frames = [await image().png().toBuffer(), await image().negate().png().toBuffer()];
  const moving = await sharp(frames, { join: { animated: true } })
    .webp({ lossless: true })
    .toBuffer();
  const moved = await decodePicture(await encodePicture(await decodePicture(moving, 'm.webp'), 'webp'), 'x');
  expect([moved.lossless, [...moved.picture.data]]).toEqual([true, [...data]]);
});

test('texts of a PNG go into a PNG; those that hold other metadata do not', async () => {
  const text = (keyword: string, content: string) => Buffer.from(`${keyword}\0${content}`, 'latin1');
  let png: Buffer = await image().png().toBuffer();
  for (const [keyword, content] of [
    ['Author', 'Zoë'],
    ['parameters', 'a street in the rain'],
    ['Raw profile type exif', '\nexif\n 4\n00000000'],
  ] as const)
    png = withChunk(png, 'tEXt', text(keyword, content));
  const end = png.length - 12;
  png = Buffer.concat([png.subarray(0, end), chunk('tEXt', text('Comment', 'last')), png.subarray(end)]);
  const decoded = await decodePicture(png, 't.png');
  const keywords = async (...[format, metadata]: ['png' | 'jpg', 'keep' | 'copyright' | 'none']) =>
    metadataIn(await encodePicture(decoded, format, { metadata }))
      .texts?.map(keywordOf)
      .sort();
  expect(await keywords('png', 'keep')).toEqual(['Author', 'Comment', 'parameters']);
  expect(await keywords('png', 'copyright')).toEqual(['Author']);
  expect(await keywords('png', 'none')).toBeUndefined();
  expect(await keywords('jpg', 'keep')).toBeUndefined();
  expect(metadataIn(await encodePicture(decoded, 'png')).texts).toContainEqual({
    name: 'tEXt',
    content: new Uint8Array(text('Author', 'Zoë')),
  });
});

test('XMP keeps nothing of parts that are not written: videos, brightness maps, thumbnails', async () => {
  const attributes = 'GCamera:MotionPhoto="1" GCamera:MicroVideoOffset=\'99\' hdrgm:Version="1.0" xmp:Rating="4"';
  const parts =
    '<Container:Directory><rdf:Seq><rdf:li>video/mp4</rdf:li></rdf:Seq></Container:Directory>' +
    '<xmp:Thumbnails><rdf:Alt>AAAA</rdf:Alt></xmp:Thumbnails><GCamera:MotionPhotoVersion>1</GCamera:MotionPhotoVersion>';
  const xmp = (attributes: string, parts: string) =>
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description ${attributes}>${parts}<dc:title>rain</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>`;
  const written = async (packet: string) =>
    metadataIn(await encodePicture({ picture: { width, height, data }, metadata: { xmp: packet } }, 'jpg')).xmp;
  expect(await written(xmp(attributes, parts))).toBe(xmp('xmp:Rating="4"', ''));
  // A file that never ends is left, whatever its size.
  const damaged = `<x><xmp:Thumbnails>${'<hdrgm:a>'.repeat(3000)}`;
  expect(await written(damaged)).toBe(damaged);
});

test('colours of a TIFF that are multiplied by its alpha are divided by it', async () => {
  // 200, 120, 40 at half the opacity.
  const samples = Uint8Array.from({ length: width * height * 4 }, (_, i) => [100, 60, 20, 128][i % 4]!);
  const page = { width, height, channels: 4, kind: 1, samples, more: new Map([[338, numberField(1)]]) } as const;
  const { picture, alpha } = await decodePicture(tiffOf(page), 'a.tif');
  expect([alpha![0], ...picture.data.slice(0, 3)]).toEqual(
    [128, 199, 119, 39].map((value) => expect.closeTo(value, -1)),
  );
});

/** A PNG that claims a size; its pixels are missing. */
async function claiming(wide: number, high: number): Promise<Buffer> {
  const header = Buffer.concat([word(wide), word(high), Buffer.of(1, 0, 0, 0, 0)]);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(9)))]);
}

/** An animated GIF whose frames are single pixels of a large square. */
function frames(count: number, side: number): Buffer {
  const edge = [side & 0xff, side >> 8];
  const head = [...Buffer.from('GIF89a'), ...edge, ...edge, 0x80, 0, 0, 10, 20, 30, 200, 210, 220];
  const frame = [0x21, 0xf9, 4, 4, 5, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
  return Buffer.from([...head, ...Array.from({ length: count }, () => frame).flat(), 0x3b]);
}

describe('sizes', () => {
  test('beyond what is decoded at a time are told', async () => {
    await expect(decodePicture(await claiming(20_000, 16_000), 'huge.png')).rejects.toThrow(
      'huge.png: is 20000×16000, 320 million pixels, more than the 268 million that are decoded at a time; cut it into',
    );
    await expect(decodePicture(frames(80, 2000), 'long.gif')).rejects.toThrow(
      'long.gif: has 80 frames of 2000×2000, 320 million pixels, more than the 268 million that are decoded at a time; restore one of them, with --frame 1',
    );
    expect((await decodePicture(frames(80, 2000), 'long.gif', { frame: 2 })).picture.width).toBe(2000);
  });

  test('beyond what a format stores are told', async () => {
    const wide = (side: number) => ({ width: side, height: 1, data: new Uint8Array(side * 3) });
    for (const [format, most] of [
      ['jpg', 65_500],
      ['webp', 16_383],
      ['avif', 16_384],
      ['gif', 65_535],
    ] as const) {
      await expect(encodePicture({ picture: wide(most + 1) }, format)).rejects.toThrow(
        `${format} stores at most ${most} pixels a side, and this picture has ${most + 1}×1; write png or tiff`,
      );
      if (format === 'avif') continue; // Slow to write.
      const { width } = await sharp(await encodePicture({ picture: wide(most) }, format)).metadata();
      expect(width).toBe(most);
    }
    for (const format of ['png', 'tiff'] as const)
      expect((await sharp(await encodePicture({ picture: wide(70_000) }, format)).metadata()).width).toBe(70_000);
  });
});

test.skipIf(process.platform === 'win32')('a pipe is not waited for, whatever its name', async () => {
  const folder = await temporaryFolder();
  const [pipe, file] = [join(folder, 'pipe.png'), join(folder, 'file.png')];
  execFileSync('mkfifo', [pipe]);
  await mkdir(join(folder, 'folder.png'));
  await writeFile(file, await image().png().toBuffer());
  await expect(pictureSize(pipe)).rejects.toThrow(`${pipe}: is a pipe, a socket or a device, not a file; check the`);
  expect(await findPictures([{ path: pipe }, { path: file }])).toEqual({
    pictures: [{ path: file, header: { frames: 1, width, height } }],
    leftOut: [{ path: pipe, why: 'is a pipe, a socket or a device, not a file' }],
  });
});
