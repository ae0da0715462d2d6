import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPicture } from '@unweather/core-tensor';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readMeta } from '../meta.js';
import { openPicture } from '../picture-file.js';
import { readRegistry } from '../registry.js';
import { listener, registryWith, temporaryFolder, writeMiniature, writePicture } from '../test-support.js';
import { prepare } from './prepare.js';
import { readPrepared } from './sidecar.js';

const { datasets } = await readRegistry();
const splitOf = (dataset: string, name: string) => datasets[dataset]!.splits.find((split) => split.name === name)!;
const notesOf = async (meta: string) => (await readPrepared(meta.replace('.json', '.info.json'))).notes;

async function prepared(dataset: string, split: string, root: string, pairs: number, out = join(root, 'meta')) {
  const registry = await registryWith(dataset, split, pairs);
  const [meta] = await prepare(registry, { dataset, split, root, out, allowPartial: 0 }, listener());
  return { meta: meta!, notes: await notesOf(meta!) };
}

test('SOTS indoor: of truths with a white frame the middle is taken, and this is said', async () => {
  const root = await temporaryFolder();
  await writeMiniature(root, splitOf('reside', 'sots-indoor').layouts![0]!, ['1400']);
  const truth = join(root, 'SOTS/indoor/gt/1400.png');
  for (let v = 1; v <= 10; v++) await writePicture(join(root, `SOTS/indoor/hazy/1400_${v}.png`), 620, 460);
  const scene = await sharp(join(root, 'SOTS/indoor/hazy/1400_1.png')).toBuffer();
  await sharp(scene).extend({ top: 10, bottom: 10, left: 10, right: 10, background: '#fff' }).toFile(truth);
  const { meta, notes } = await prepared('reside', 'sots-indoor', root, 10);
  expect(notes).toContain('truths larger than their inputs, of which the middle is taken: 10');
  const [pair] = await readMeta(meta, root);
  expect(pair!.truth).toBe(`${truth}#centre-620x460`);
  const [cut, whole] = [await openPicture(pair!.truth), await readPicture(join(root, 'SOTS/indoor/hazy/1400_1.png'))];
  expect(Buffer.from(cut.data.buffer).equals(Buffer.from(whole.data))).toBe(true);
});

test('elsewhere a truth that is larger than its input is an error', async () => {
  const root = await temporaryFolder();
  await writeMiniature(root, splitOf('csd', 'test').layouts![0]!, ['1']);
  await writePicture(join(root, 'Test/Gt/1.tif'), 10, 8);
  await expect(prepared('csd', 'test', root, 1)).rejects.toThrow(/differ in size, 10×8 and 8×6/);
});

test('Test2800: the input that is there twice is left out, and this is said', async () => {
  const root = await temporaryFolder();
  await writeMiniature(root, splitOf('rain13k', 'test2800').layouts![0]!, ['926']);
  await copyFile(join(root, 'Test2800/input/926_10.jpg'), join(root, 'Test2800/input/926_10(1).jpg'));
  const { meta, notes } = await prepared('rain13k', 'test2800', root, 14);
  expect(await readMeta(meta, root)).toHaveLength(14);
  expect(notes.at(-1)).toBe('files that fit no rule, left out: 1 (Test2800/input/926_10(1).jpg)');
});

test('Rain1400: both of its other splits say by how many scenes they overlap', () => {
  expect(datasets.rain1400!.note).toMatch(/349 test scenes 241 are among NLEDN's for training and 108 among/);
  for (const name of ['test', 'test-nledn']) expect(splitOf('rain1400', name).note).toContain('241 of its');
});

test('pictures that are converted when they are read are counted, kind by kind', async () => {
  const root = await temporaryFolder();
  const coffee = fileURLToPath(new URL('../../embedded/held-out/coffee.png', import.meta.url));
  await writeMiniature(root, splitOf('snow100k', 'train').layouts![0]!, ['1', '2', '3', '4', '5', '6']);
  const at = (kind: string, n: number) => join(root, `all/${kind}/${n}.jpg`);
  for (let n = 1; n <= 6; n++) for (const kind of ['gt', 'synthetic']) await sharp(coffee).jpeg().toFile(at(kind, n));
  await sharp(coffee).ensureAlpha(0.5).png().toFile(at('synthetic', 1));
  await sharp(coffee).toColourspace('rgb16').png().toFile(at('synthetic', 2));
  await sharp(coffee).toColourspace('b-w').jpeg().toFile(at('synthetic', 3));
  await sharp(coffee).toColourspace('cmyk').jpeg({ quality: 100 }).toFile(at('synthetic', 4));
  await sharp(coffee).withMetadata({ orientation: 3 }).jpeg().toFile(at('synthetic', 5));
  await sharp(coffee).toColourspace('grey16').png().toFile(at('synthetic', 6));
  const { notes } = await prepared('snow100k', 'train', root, 6);
  expect(notes).toEqual([
    'files with an alpha channel, which is dropped: 1',
    'files with 16 bits a channel, read with 8: 2',
    'files grey, spread over three channels: 2',
    'files CMYK, converted to sRGB: 1',
    'files turned upright by their EXIF orientation: 1',
  ]);
});

test('converted pictures show what they showed', async () => {
  const folder = await temporaryFolder();
  const coffee = fileURLToPath(new URL('../../embedded/held-out/coffee.png', import.meta.url));
  const { data, width, height } = await readPicture(coffee);
  const grey = data.map((_value, i) => {
    const [r, g, b] = data.subarray(i - (i % 3), i - (i % 3) + 3) as unknown as [number, number, number];
    return 0.299 * r + 0.587 * g + 0.114 * b;
  });
  const off = async (name: string, from: Uint8Array) => {
    const read = await readPicture(join(folder, name));
    expect([read.width, read.height]).toEqual([width, height]);
    return read.data.reduce((sum, value, i) => sum + Math.abs(value - from[i]!), 0) / data.length;
  };
  await sharp(coffee).ensureAlpha(0.5).png().toFile(join(folder, 'alpha.png'));
  await sharp(coffee).toColourspace('rgb16').png().toFile(join(folder, 'deep.png'));
  await sharp(coffee).toColourspace('cmyk').tiff().toFile(join(folder, 'cmyk.tif'));
  await sharp(coffee).toColourspace('grey16').png().toFile(join(folder, 'grey16.png'));
  await sharp(await sharp(coffee).rotate(180).toBuffer())
    .withMetadata({ orientation: 3 })
    .png()
    .toFile(join(folder, 'turned.png'));
  expect(await off('alpha.png', data)).toBe(0);
  expect(await off('deep.png', data)).toBe(0);
  expect(await off('turned.png', data)).toBe(0);
  // Converted by colour profiles: inks cannot show every colour of the screen.
  expect(await off('cmyk.tif', data)).toBeLessThan(12);
  expect(await off('grey16.png', grey)).toBeLessThan(6);
});

test('the sidecar’s root survives that a repository moves with its data, or away from it', async () => {
  const home = await temporaryFolder();
  const away = await temporaryFolder();
  const { layouts } = splitOf('nh-haze', 'all');
  for (const root of [join(home, 'data'), away]) await writeMiniature(root, layouts![0]!, ['1']);
  const rootOf = async (root: string) => {
    const { meta } = await prepared('nh-haze', 'all', root, 1, join(home, 'meta'));
    return JSON.parse(await readFile(meta.replace('.json', '.info.json'), 'utf8')).root;
  };
  expect(await rootOf(join(home, 'data'))).toBe('../../data');
  expect(await rootOf(away)).toBe(away);
});
