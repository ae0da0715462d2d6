import { createReadStream, openAsBlob } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openModel, type PictureModel } from './load.js';
import type { PictureInput } from './read-input.js';
import { checkpoints, small } from './test-support.small.js';

const photo = new URL('../../datasets/embedded/held-out/city.png', import.meta.url);
let model: PictureModel;
let folder: string;
beforeAll(async () => {
  const files = await checkpoints();
  folder = files.folder;
  model = await openModel(small, { task: 'same', weights: files.same, threads: 1 });
});
afterAll(() => model.dispose());

/** A value that a script of another realm makes of one of ours. */
const foreign = (script: string, value: unknown): never => runInNewContext(script, { value }) as never;

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes.length);
  new Uint8Array(memory).set(bytes);
  return memory;
}

/** A stream that another reader has locked. */
function used(): ReadableStream<Uint8Array> {
  const stream = new Blob(['x']).stream();
  stream.getReader();
  return stream;
}

const raw = (bytes: Uint8Array | string) => sharp(bytes).removeAlpha().raw().toBuffer();

test('the same picture by path, URL, bytes, sharp, ImageData and planes comes out the same', async () => {
  const bytes = await readFile(photo);
  const truth = await raw(bytes);
  const path = join(folder, 'photo.png');
  await copyFile(photo, path);
  const first = await model.restore(path);
  const inputs: PictureInput[] = [
    pathToFileURL(path),
    String(pathToFileURL(path)),
    bytes,
    new Uint8Array(bytes).buffer,
    sharp(bytes),
    first.toImageData(),
    first.toFloat32(),
    new Blob([bytes]),
    new File([bytes], 'photo.png'),
    await openAsBlob(path),
    new Blob([bytes]).stream(),
    createReadStream(path),
    new Response(bytes),
    new DataView(new Uint8Array(bytes).buffer),
    new Uint8ClampedArray(bytes),
    shared(bytes),
    new Uint8Array(shared(bytes)),
    foreign('Uint8Array.from(value)', [...bytes]),
    foreign('Uint8Array.from(value).buffer', [...bytes]),
    foreign('({ ...value, data: Float32Array.from(value.data) })', { ...first.toFloat32() }),
    foreign('({ ...value, data: Uint8ClampedArray.from(value.data) })', { ...first.toImageData() }),
    foreign('value', pathToFileURL(path)),
    { ...first.toFloat32(), shape: [3, first.height, first.width] },
  ];
  for (const out of [first, ...(await Promise.all(inputs.map((input) => model.restore(input))))])
    expect((await raw(await out.toBuffer('png'))).equals(truth)).toBe(true);
});

test('an image of sharp’s is taken with its steps, its orientation, its depth and its profile', async () => {
  const image = sharp(await readFile(photo))
    .resize(40, 30)
    .withIccProfile('p3');
  const turned = await image.clone().jpeg().withExif({}).keepIccProfile().withMetadata({ orientation: 6 }).toBuffer();
  const { width, height } = await model.restore(sharp(turned));
  expect([width, height]).toEqual([30, 40]);
  const p3 = sharp(await image.png().toBuffer());
  const out = await model.restore(p3);
  const { icc } = await sharp(await out.toBuffer('png')).metadata();
  expect(icc?.equals((await p3.metadata()).icc!)).toBe(true);
  const stored = await sharp(await image.png().toBuffer(), { ignoreIcc: true })
    .raw()
    .toBuffer();
  expect(
    Buffer.from(out.toImageData().data).equals(
      await sharp(stored, { raw: { width: 40, height: 30, channels: 3 } })
        .ensureAlpha()
        .raw()
        .toBuffer(),
    ),
  ).toBe(true);
  const described = sharp(
    await image
      .clone()
      .withExif({ IFD0: { Copyright: 'Ada 2026' } })
      .jpeg()
      .toBuffer(),
  ).resize(20);
  const { exif } = await sharp(await (await model.restore(described)).toBuffer('jpg')).metadata();
  expect(exif!.toString('latin1')).toContain('Ada 2026');
  const words = Uint16Array.from({ length: 12 * 10 * 3 }, (_, i) => i * 180 + 7);
  const deep = sharp(words, { raw: { width: 12, height: 10, channels: 3 } }).toColourspace('rgb16');
  const png = await deep.png().toBuffer();
  for (const input of [png, sharp(png)]) {
    const again = await (await model.restore(input)).toBuffer('png', { depth: 16 });
    const read = await sharp(again).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
    expect(read.equals(Buffer.from(words.buffer))).toBe(true);
  }
});

test('what cannot be read is named, with what is wrong and what to do', async () => {
  const half = join(folder, 'half.png');
  await writeFile(half, (await readFile(photo)).subarray(0, 3000));
  const planes = (data: Float32Array, ...shape: number[]) => ({ data, shape });
  const cases: [PictureInput, RegExp][] = [
    [join(folder, 'none.jpg'), /none\.jpg: cannot be read \(no such file or folder\); check the path/],
    [half, /half\.png: not a readable picture \(.+\); give another one/],
    [Buffer.from('no picture'), /^the bytes: not a readable picture \(.+\); give another one/],
    [new Uint8Array(0), /^the bytes: not a readable picture \(.+\); give another one/],
    ['https://example.org/x.jpg', /^https:.+: pictures are not downloaded; give a file’s path/],
    [new URL('http://example.org/x.jpg'), /pictures are not downloaded/],
    [sharp(Buffer.from('no picture')), /^the sharp image: cannot be computed \(.+\); check its input and its steps/],
    [planes(new Float32Array(12), 1, 3, 2), /the shape is \[1,3,2\]; give \[1, 3, height, width\]/],
    [planes(new Float32Array(12), 1, 1, 3, 4), /the shape is \[1,1,3,4\]/],
    [planes(new Float32Array(11), 3, 2, 2), /a shape of \[3,2,2\] is 12 numbers, the Float32Array has 11/],
    [
      planes(new Float32Array(12).fill(Number.NaN, 7, 8), 3, 2, 2),
      /contains NaN in channel 1, row 1, column 1; give numbers from 0 to 1/,
    ],
    [planes(new Float32Array(12).fill(200), 3, 2, 2), /contains 200 in channel 0, row 0, column 0; .+\(bytes \/ 255\)/],
    [{ data: new Uint8ClampedArray(12), width: 2, height: 2 }, /ImageData of 2×2 has 12 numbers; give RGBA/],
    [new Blob(['no picture']), /^the file: not a readable picture/],
    [new File(['no picture'], 'x.png'), /^x\.png: not a readable picture/],
    [new Blob(['no picture']).stream(), /^the stream: not a readable picture/],
    [used(), /^the stream: cannot be read \(.+\); give one that can be read to its end/],
    [Readable.from(['text']) as never, /^the stream: cannot be read \(it gives string, not bytes\)/],
    [42 as never, /cannot be read from number; give a path/],
    [null as never, /cannot be read from null/],
    [{ path: 'x' } as never, /cannot be read from an object of path; give a path/],
  ];
  for (const [input, message] of cases)
    await expect(model.restore(input)).rejects.toThrow(
      expect.objectContaining({ name: 'UserError', message: expect.stringMatching(message) }),
    );
});
