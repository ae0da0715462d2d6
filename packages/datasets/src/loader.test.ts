import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPicture } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { throughJpeg } from './compression.js';
import { embeddedPairs } from './embedded.js';
import { type Batch, type EpochLoaderOptions, Loader, type LoaderOptions } from './loader.js';
import type { PairSource } from './pair.js';
import { temporaryFolder, writeNoise } from './test-support.js';

const rainy: Omit<EpochLoaderOptions, 'pairs'> = {
  batch: 4,
  crop: 24,
  flip: true,
  order: 'shuffled',
  visit: 'pair',
  seed: 3,
};

async function take(options: LoaderOptions, from: number, count: number): Promise<Batch[]> {
  const loader = new Loader(options);
  const batches: Batch[] = [];
  try {
    for await (const batch of loader.batches(from)) if (batches.push(batch) === count) break;
  } finally {
    await loader.close();
  }
  return batches;
}

/** Pairs of files whose input equals the truth. */
async function filePairs(...names: string[]): Promise<PairSource[]> {
  const folder = await temporaryFolder();
  await writeNoise(folder, Object.fromEntries(names.map((name) => [`${name}.png`, [9, 7]])));
  return names.map((name) => {
    const file = join(folder, `${name}.png`);
    return { kind: 'files', name, truth: file, input: file };
  });
}

test('a run from step k gives the batches of a run from the start, however many threads', async () => {
  const pairs = await embeddedPairs('train', 'rain');
  const whole = await take({ ...rainy, pairs }, 0, 9);
  const resumed = await take({ ...rainy, pairs, threads: 2, prefetch: 5 }, 5, 4);
  expect(resumed).toEqual(whole.slice(5));
  expect(await take({ ...rainy, pairs, seed: 4 }, 0, 1)).not.toEqual(whole.slice(0, 1));
});

test('a triple is one background cut alike under three rains', async () => {
  const pairs = await embeddedPairs('train', 'rain', { everyLevel: true });
  const options: LoaderOptions = { ...rainy, pairs, batch: 2, visit: 'triple' };
  const [batch] = await take(options, 0, 1);
  const patches = (values: Float32Array) =>
    Array.from({ length: 6 }, (_, i) => [...values.slice(i * 1728, (i + 1) * 1728)]);
  const [truths, inputs] = [patches(batch!.truth), patches(batch!.input)];
  for (const i of [0, 3]) {
    expect(truths[i + 1]).toEqual(truths[i]);
    expect(truths[i + 2]).toEqual(truths[i]);
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      expect(inputs[i + a]).not.toEqual(inputs[i + b]);
  }
  expect(truths[0]).not.toEqual(truths[3]);
  const loader = new Loader(options);
  expect([loader.batchSize, loader.stepsPerEpoch]).toEqual([6, 8]);
  await loader.close();
  expect(() => new Loader({ ...options, pairs: pairs.slice(1) })).toThrow(
    /: is the truth of 2 inputs, but a triple has 3/,
  );
});

test('an epoch visits every pair once and keeps its last, smaller batch', async () => {
  const pairs = await filePairs('a', 'b', 'c', 'd', 'e');
  const options: EpochLoaderOptions = { ...rainy, pairs, batch: 2, crop: 5 };
  expect(new Loader(options).stepsPerEpoch).toBe(3);
  const batches = await take(options, 0, 6);
  expect(batches.map(({ step, epoch, size }) => [step, epoch, size])).toEqual([
    [0, 0, 2],
    [1, 0, 2],
    [2, 0, 1],
    [3, 1, 2],
    [4, 1, 2],
    [5, 1, 1],
  ]);
  const epochs = [0, 1].map((epoch) => batches.filter((batch) => batch.epoch === epoch).flatMap(({ names }) => names));
  for (const names of epochs) expect([...names].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(epochs[0]).not.toEqual(epochs[1]);
  const inOrder = await take({ ...options, order: 'list' }, 3, 3);
  expect(inOrder.flatMap(({ names }) => names)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('visits by truth draw one of the inputs of each truth', async () => {
  const [a, b, c] = await filePairs('a', 'b', 'c');
  const variants = [a!, b!, c!].map((pair) => ({ ...pair, truth: a!.truth }) as PairSource);
  const batches = await take({ ...rainy, pairs: variants, visit: 'truth', crop: 5 }, 0, 40);
  expect(batches.every(({ size }) => size === 1)).toBe(true);
  expect(new Set(batches.flatMap(({ names }) => names))).toEqual(new Set(['a', 'b', 'c']));
});

test('visits by name draw one of the pairs whose truths have one file name', async () => {
  const [a, b] = await filePairs('a', 'b');
  const levels = ['heavy', 'light'].map((level) => ({ ...a!, name: level, truth: `/${level}/a.png` }) as PairSource);
  const { stepsPerEpoch } = new Loader({ ...rainy, pairs: [...levels, b!], visit: 'name', batch: 1 });
  expect(stepsPerEpoch).toBe(2);
});

test('a repeated batch keeps its patches and draws its noise anew; grey is the first channel, BGR the reverse', async () => {
  const pairs = await embeddedPairs('train', 'gaussian-noise');
  const options: EpochLoaderOptions = { ...rainy, pairs, batch: 2, repeats: 3 };
  expect(new Loader(options).stepsPerEpoch).toBe(24);
  const [first, second, third, next] = await take(options, 0, 4);
  expect(second!.truth).toEqual(first!.truth);
  expect(second!.input).not.toEqual(first!.input);
  expect(next!.names).not.toEqual(first!.names);
  expect((await take(options, 2, 1))[0]).toEqual(third);
  const plane = 24 * 24;
  const [grey] = await take({ ...options, colour: 'grey' }, 0, 1);
  expect(grey!.input).toEqual(
    Float32Array.of(...first!.input.slice(0, plane), ...first!.input.slice(3 * plane, 4 * plane)),
  );
  const [bgr] = await take({ ...options, colour: 'bgr' }, 0, 1);
  expect(bgr!.truth.slice(0, plane)).toEqual(first!.truth.slice(2 * plane, 3 * plane));
});

test('drawn batches hold different pictures each, whatever came before', async () => {
  const pairs = await filePairs('a', 'b', 'c', 'd');
  const options: EpochLoaderOptions = { ...rainy, pairs, batch: 3, crop: 5, order: 'drawn' };
  const batches = await take(options, 0, 6);
  for (const { names } of batches) expect(new Set(names).size).toBe(3);
  expect(new Set(batches.map(({ names }) => names.join())).size).toBeGreaterThan(1);
  expect(await take(options, 4, 2)).toEqual(batches.slice(4));
});

test('patches are turned alike, by a drawn number of quarters', async () => {
  const pairs = await filePairs('a');
  const [plain] = await take({ ...rainy, pairs, crop: 7, batch: 1, flip: false }, 0, 1);
  const turned = await take({ ...rainy, pairs, crop: 7, batch: 1, flip: false, rotate: true }, 0, 12);
  for (const { truth, input } of turned) expect(input).toEqual(truth);
  const corners = turned.map(({ truth }) => [truth[0], truth[6], truth[42], truth[48]].join());
  expect(new Set(corners).size).toBeGreaterThan(4);
  expect([...turned[0]!.truth].sort()).toEqual([...plain!.truth].sort());
});

test('colours of truth and input change alike, in some patches', async () => {
  const options: EpochLoaderOptions = { ...rainy, pairs: await filePairs('a'), crop: 7, batch: 1 };
  const plain = await take(options, 0, 12);
  const jittered = await take({ ...options, colourJitter: true }, 0, 12);
  const same = jittered.map(({ truth }, i) => `${truth}` === `${plain[i]!.truth}`);
  expect(new Set(same)).toEqual(new Set([true, false]));
  for (const { truth, input } of jittered) expect(input).toEqual(truth);
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);

test('scale and tones of truth and input change alike, in most patches; others stay as they were', async () => {
  const embedded = await embeddedPairs('train', 'rain');
  const pairs = embedded.map(({ name, truth }) => ({ kind: 'files' as const, name, truth, input: truth }));
  const options: EpochLoaderOptions = { ...rainy, pairs, crop: 48 };
  const plain = await take(options, 0, 6);
  const jittered = await take({ ...options, photoJitter: true }, 0, 6);
  expect(await take({ ...options, photoJitter: true }, 0, 6)).toEqual(jittered);
  const size = 3 * 48 * 48;
  const patches = (batches: Batch[]) =>
    batches.flatMap(({ truth }) => Array.from({ length: 4 }, (_, i) => truth.subarray(i * size, (i + 1) * size)));
  const before = patches(plain);
  const same = patches(jittered).filter((patch, i) => Buffer.compare(bytesOf(patch), bytesOf(before[i]!)) === 0).length;
  expect(same).toBeGreaterThan(0);
  expect(same).toBeLessThan(12);
  for (const { truth, input } of jittered) expect(input).toEqual(truth);
  // Shrunk texture is finer: neighbours differ more, though contrast is as often weaker as stronger.
  const detail = (batches: Batch[]) =>
    patches(batches).reduce(
      (sum, patch) => sum + patch.reduce((s, v, i) => s + Math.abs(v - (patch[i - 1] ?? v)), 0),
      0,
    );
  expect(detail(jittered)).toBeGreaterThan(1.1 * detail(plain));
  // A photograph no larger than the crop keeps its scale.
  const small = { ...rainy, pairs: await filePairs('a'), crop: 7, batch: 1, photoJitter: true };
  expect(await take(small, 0, 4)).toHaveLength(4);
});

test('pictures are resized before they are cropped', async () => {
  const pairs = await filePairs('a');
  const [batch] = await take({ ...rainy, pairs, resize: { width: 30, height: 40 }, crop: 30, batch: 1 }, 0, 1);
  expect(batch!.truth).toHaveLength(2700);
  await expect(take({ ...rainy, pairs, resize: { width: 30, height: 40 }, crop: 31 }, 0, 1)).rejects.toThrow(
    'is 30×40, smaller than the crop of 31×31',
  );
});

test('truth and input are cut and mirrored alike, and are the picture’s bytes over 255, NCHW', async () => {
  const pairs = await filePairs('a');
  const [batch] = await take({ ...rainy, pairs, crop: 7, batch: 1 }, 0, 1);
  expect(batch!.input).toEqual(batch!.truth);
  const { data, width } = await readPicture(pairs[0]!.truth);
  const places = [0, 1, 2].flatMap((left) => [false, true].map((flip) => ({ left, flip })));
  const fits = places.filter(({ left, flip }) =>
    batch!.input.every((value, i) => {
      const [c, y, x] = [Math.floor(i / 49), Math.floor(i / 7) % 7, i % 7];
      return value === Math.fround(data[(y * width + left + (flip ? 6 - x : x)) * 3 + c]! / 255);
    }),
  );
  expect(fits.length).toBe(1);
});

test('small pictures are resized where that is asked for; visits may follow a plan', async () => {
  const pairs = await filePairs('small', 'b');
  const plan = { stepsPerEpoch: 2, visits: (step: number) => [{ source: pairs[step % 2]!, stream: `${step}` }] };
  const batches = await take({ plan, crop: 24, flip: false, small: 'resize' }, 1, 3);
  expect(batches.map(({ names, epoch, size }) => [names[0], epoch, size])).toEqual([
    ['b', 0, 1],
    ['small', 1, 1],
    ['b', 1, 1],
  ]);
  expect(batches[0]!.truth).toHaveLength(3 * 24 * 24);
});

test('patches may be wider than high; then they are not turned', async () => {
  const pairs = await filePairs('a');
  const options: LoaderOptions = { ...rainy, pairs, batch: 1, crop: { width: 9, height: 7 }, flip: false };
  const [batch] = await take(options, 0, 1);
  const { data } = await readPicture(pairs[0]!.truth);
  // The whole picture, its RGB pixels as planes of floats.
  const planes = [0, 1, 2].flatMap((c) => Array.from({ length: 63 }, (_, i) => Math.fround(data[i * 3 + c]! / 255)));
  expect([...batch!.truth]).toEqual(planes);
  await expect(take({ ...options, crop: { width: 7, height: 9 } }, 0, 1)).rejects.toThrow(
    /is 9×7, smaller than the crop of 7×9/,
  );
  expect(() => new Loader({ ...options, rotate: true })).toThrow(
    'patches of 9×7 cannot be rotated by a right angle; use a square crop',
  );
});

test('a picture smaller than the crop and an unreadable one end the run by name', async () => {
  const pairs = await filePairs('small');
  await expect(take({ ...rainy, pairs }, 0, 1)).rejects.toThrow(
    /pair "small": .+small\.png is 9×7, smaller than the crop of 24×24/,
  );
  await writeFile(pairs[0]!.truth, 'text');
  await expect(take({ ...rainy, pairs, crop: 5 }, 0, 1)).rejects.toThrow(/small\.png: not a readable picture/);
});

test('compression comes after the weather, in most patches, at any place of its grid; others stay as they were', async () => {
  const pairs = await embeddedPairs('train', 'added-rain');
  const options: LoaderOptions = { ...rainy, pairs, batch: 8, crop: 40, flip: false };
  const [[plain], [compressed], [again]] = [
    await take(options, 0, 1),
    await take({ ...options, compression: true }, 0, 1),
    await take({ ...options, compression: true }, 0, 1),
  ];
  expect(again).toEqual(compressed);
  const size = 3 * 40 * 40;
  const patch = (values: Float32Array, i: number) => [...values.subarray(i * size, (i + 1) * size)];
  const kinds = Array.from({ length: 8 }, (_, i) => [
    `${patch(compressed!.truth, i)}` === `${patch(plain!.truth, i)}`,
    `${patch(compressed!.input, i)}` === `${patch(plain!.input, i)}`,
  ]);
  const left = kinds.filter(([truth, input]) => truth && input).length;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(6);
  // A picture no larger than the crop has no room for an offset in JPEG's grid.
  const whole = { ...options, pairs: await filePairs('a', 'b'), crop: { width: 9, height: 7 }, batch: 2 };
  expect(await take({ ...whole, compression: true }, 0, 1)).toEqual(await take(whole, 0, 1));
});

test('a JPEG is near what it was made of, the nearer the better its quality; floats become bytes', async () => {
  const { width, height, data } = await readPicture((await embeddedPairs('held-out', 'rain'))[0]!.truth);
  const error = (other: Uint8Array) =>
    Math.sqrt(other.reduce((sum, value, i) => sum + (value - data[i]!) ** 2, 0) / data.length);
  const errors = [];
  for (const quality of [60, 75, 95]) errors.push(error((await throughJpeg({ width, height, data }, quality)).data));
  expect(errors).toEqual([...errors].sort((a, b) => b - a));
  expect(errors[0]).toBeLessThan(12);
  expect(errors[2]).toBeGreaterThan(0);
  const floats = { width, height, data: new Float32Array(data).map((value) => value / 255) };
  expect((await throughJpeg(floats, 75)).data).toEqual((await throughJpeg({ width, height, data }, 75)).data);
});

test('a closed loader lets the program end', async () => {
  const program = `
    import { Loader, embeddedPairs } from '@unweather/datasets';
    const loader = new Loader({ pairs: await embeddedPairs('train', 'rain'), batch: 2, crop: 16, flip: true, order: 'list', visit: 'pair', seed: 1 });
    for await (const batch of loader.batches(0)) if (batch.step === 2) break;
    await loader.close();
    console.log('closed');`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: new URL('..', import.meta.url),
    timeout: 600_000,
  });
  expect(stdout).toBe('closed\n');
});
