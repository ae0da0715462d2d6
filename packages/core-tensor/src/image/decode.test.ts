import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../test-support.js';
import { decodePicture } from './decode.js';
import { encodePicture } from './encode.js';
import { pictureSize, readPicture } from './files.js';
import { numberField } from './metadata/directory.js';
import { type TiffPage, tiffOf, withChunk, word } from './test-support.files.js';

const [width, height] = [6, 4];
const page = (channels: TiffPage['channels'], kind: TiffPage['kind'], samples: TiffPage['samples']): TiffPage => ({
  ...{ width, height, channels, kind, samples },
});
const ramp = (channels: number) => Array.from({ length: width * height * channels }, (_, i) => i / 100);

/** Reads a picture as trainings do. */
async function trained(bytes: Uint8Array) {
  const path = join(await temporaryFolder(), 'x.tif');
  await writeFile(path, bytes);
  return readPicture(path);
}

describe('samples of a TIFF', () => {
  test.each([1, 3, 4] as const)('floats are the numbers of the picture, %i channels', async (channels) => {
    const floats = Float32Array.from(ramp(channels), (value) => Math.min(value, 1));
    const bytes = tiffOf(page(channels, 3, floats));
    const { picture, depth, alpha, profile } = await decodePicture(bytes, 'f.tif');
    const colours = [...floats].filter((_, i) => channels !== 4 || i % 4 !== 3);
    expect([...picture.data]).toEqual(channels === 1 ? colours.flatMap((value) => [value, value, value]) : colours);
    expect([depth, profile, alpha?.length]).toEqual([16, undefined, channels === 4 ? 24 : undefined]);
    expect([...(await trained(bytes)).data]).toEqual([...picture.data].map((value) => Math.round(value * 255)));
    const again = await decodePicture(await encodePicture({ picture, depth }, 'tiff'), 'again');
    expect([...again.picture.data]).toEqual([...picture.data].map((v) => Math.fround(Math.round(v * 65535) / 65535)));
  });

  test.each([1, 3] as const)('32 bits are scaled by their range, %i channels', async (channels) => {
    const words = Uint32Array.from(ramp(channels), (value) => Math.min(value, 1) * 0xffffffff);
    const { picture, depth } = await decodePicture(tiffOf(page(channels, 1, words)), 'u.tif');
    expect([depth, picture.data.length]).toEqual([16, width * height * 3]);
    for (const [i, value] of picture.data.entries())
      expect(value).toBeCloseTo(words[channels === 1 ? Math.floor(i / 3) : i]! / 0xffffffff, 7);
  });

  test('that cannot be scaled are refused by name', async () => {
    const refused = async (bytes: Uint8Array, reason: string) => {
      await expect(decodePicture(bytes, 'x.tif')).rejects.toThrow(`x.tif: ${reason}`);
      await expect(trained(bytes)).rejects.toThrow(`x.tif: ${reason}`);
    };
    const floats = (value: number) => new Float32Array(width * height * 3).fill(value, 5, 6);
    await refused(tiffOf(page(3, 3, floats(Number.NaN))), 'contains NaN; floats count from 0, black, to 1, white');
    await refused(tiffOf(page(3, 3, floats(255))), 'contains floats from 0 to 255; floats count from 0');
    const signed = 'its samples are signed 16-bit numbers, whose black and white are not known; convert it to 8 or 16';
    await refused(tiffOf(page(3, 2, new Int16Array(width * height * 3))), signed);
    const grey = 'grey samples of 32 bits with an alpha channel are not decoded; convert it to 8 or 16 bits';
    await refused(tiffOf(page(2, 3, new Float32Array(width * height * 2))), grey);
  });
});

describe('frames', () => {
  const pixels = (value: number) => new Uint8Array(width * height * 3).fill(value);
  const documentOf = (...values: number[]) => tiffOf(...values.map((value) => page(3, 1, pixels(value))));
  const firsts = (frames: readonly { picture: { data: ArrayLike<number> } }[]) =>
    frames.map(({ picture }) => picture.data[0]);

  test('of a document and of animations are all read and written; one can be chosen', async () => {
    const document = await decodePicture(documentOf(10, 100, 200), 'd.tif');
    expect(firsts([document, ...document.further!.frames])).toEqual([10, 100, 200]);
    const timed = { ...document, further: { ...document.further!, delay: [50, 60, 70], loop: 3 } };
    for (const format of ['gif', 'webp', 'tiff'] as const) {
      const bytes = await encodePicture(timed, format, { quality: 100 });
      const { further, ...first } = await decodePicture(bytes, format);
      expect([further?.delay, further?.loop]).toEqual(format === 'tiff' ? [undefined, undefined] : [[50, 60, 70], 3]);
      for (const [i, value] of firsts([first, ...further!.frames]).entries())
        expect(Math.abs(value! - [10, 100, 200][i]!)).toBeLessThanOrEqual(1);
      const second = await decodePicture(bytes, format, { frame: 2 });
      expect([second.picture.width, second.picture.height, second.further]).toEqual([width, height, undefined]);
      expect(Math.abs(second.picture.data[0]! - 100)).toBeLessThanOrEqual(1);
    }
    for (const format of ['png', 'jpg', 'avif'] as const)
      await expect(encodePicture(document, format)).rejects.toThrow(
        `${format} stores one frame, and this picture has 3; write webp, gif, tiff, or restore one of them, with --frame 1`,
      );
    await expect(decodePicture(documentOf(1, 2), 'd.tif', { frame: 3 })).rejects.toThrow(
      'd.tif: there is no frame 3; give a number from 1 to 2',
    );
    await expect(trained(documentOf(1, 2))).rejects.toThrow('x.tif: has 2 frames, where one is needed; save that one');
  });

  test('of different sizes are read, and not written together', async () => {
    const small: TiffPage = { ...page(3, 1, new Uint8Array(12)), width: 2, height: 2 };
    const document = await decodePicture(tiffOf(page(3, 1, pixels(9)), small), 'd.tif');
    expect(document.further!.frames.map(({ picture }) => picture.width)).toEqual([2]);
    await expect(encodePicture(document, 'tiff')).rejects.toThrow('its pages differ in size, 6×4 and 2×2');
  });

  test('that are smaller copies of a TIFF’s first page do not count; a camera’s preview is no picture', async () => {
    const copy: TiffPage = {
      ...page(3, 1, new Uint8Array(12)),
      width: 2,
      height: 2,
      more: new Map([[254, numberField(1, 4)]]),
    };
    const { further, picture } = await decodePicture(tiffOf(page(3, 1, pixels(9)), copy), 'd.tif');
    expect([further, picture.width]).toEqual([undefined, width]);
    await expect(decodePicture(tiffOf(copy), 'photo.nef')).rejects.toThrow(
      'photo.nef: is a camera’s raw file, of which only the preview could be read; develop it to TIFF, PNG or JPEG',
    );
  });

  test('of an animated PNG beyond the first are not decoded, which is told', async () => {
    const png = withChunk(
      await encodePicture({ picture: { width, height, data: pixels(7) } }, 'png'),
      'acTL',
      Buffer.concat([word(3), word(0)]),
    );
    await expect(decodePicture(png, 'a.png')).rejects.toThrow(
      'a.png: is an animated PNG of 3 frames, of which only the first can be decoded; choose it with --frame 1',
    );
    expect((await decodePicture(png, 'a.png', { frame: 1 })).picture.data[0]).toBe(7);
  });
});

test('numbers that a PNG’s gAMA encodes become sRGB’s, as bright as before', async () => {
  const data = Uint8Array.from({ length: 48 }, (_, i) => i * 5);
  const plain = await sharp(data, { raw: { width: 4, height: 4, channels: 3 } })
    .png()
    .toBuffer();
  const light = (byte: number) => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  const linear = withChunk(plain, 'gAMA', word(100_000));
  const { picture } = await decodePicture(linear, 'linear.png');
  // The nearest bytes: sRGB's curve is steepest in the dark, where a byte is 1/3294 of the light.
  for (const [i, byte] of picture.data.entries()) expect(Math.abs(light(byte) - data[i]! / 255)).toBeLessThan(0.005);
  expect([...(await trained(linear)).data]).toEqual([...picture.data]);
  for (const usual of [withChunk(plain, 'gAMA', word(45_455)), withChunk(linear, 'sRGB', Uint8Array.of(0))])
    expect([...(await decodePicture(usual, 'x')).picture.data]).toEqual([...data]);
});

test('content decides, and drawings and undecoded kinds are named', async () => {
  const folder = await temporaryFolder();
  const told = async (name: string, content: string | Uint8Array, reason: string) => {
    const path = join(folder, name);
    await writeFile(path, content);
    await expect(pictureSize(path)).rejects.toThrow(`${path}: ${reason}`);
  };
  await told('a.png', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', 'is a drawing or a document');
  await told(
    'b.jpg',
    Buffer.from('424d3600000000000000', 'hex'),
    'is BMP, which cannot be decoded here; convert it to PNG',
  );
  await told('c.heic', Buffer.from('00000018667479706865696300000000', 'hex'), 'is HEIC, which cannot be decoded here');
  await told('d.psd', '8BPS and more', 'is a Photoshop document, which cannot');
  await told('e.png', 'text', 'not a readable picture');
  await told('f.png', '', 'not a readable picture');
});

test('NaN and infinities become no bytes', async () => {
  for (const value of [Number.NaN, Infinity]) {
    const picture = { width: 1, height: 1, data: Float32Array.of(0.5, value, 0.5) };
    for (const depth of [8, 16] as const)
      await expect(encodePicture({ picture }, 'png', { depth })).rejects.toThrow(`the picture contains ${value}`);
  }
});
