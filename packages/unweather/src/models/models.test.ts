import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ForeignPackage } from '@unweather/model';
import { temporaryFolder } from '@unweather/testing';
import { cardMarkdown } from '@unweather/weights';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MODELS, PAPER_LIST, PAPERS, WEATHERS } from '../papers.js';
import { writeWeights } from '../test-support.js';
import { UsageError } from '../usage-error.js';
import { chooseModel } from './choose.js';
import { modelsCommand } from './command.js';
import { overview } from './overview.js';

/** Working directory of each test, where default weights are looked for, and the one before it. */
let [folder, before] = ['', process.cwd()];
beforeEach(async () => {
  [folder, before] = [await temporaryFolder(), process.cwd()];
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  vi.restoreAllMocks();
});

/** Weather that a model removes, by its task's degradation. */
const REMOVES = {
  rain: 'rain',
  'dense-rain': 'rain',
  'screened-rain': 'rain',
  'added-rain': 'rain',
  haze: 'haze',
  'room-haze': 'haze',
  'indoor-haze': 'haze',
  'outdoor-haze': 'haze',
  snow: 'snow',
  'flaked-snow': 'snow',
  raindrops: 'raindrops',
  'defocused-drops': 'raindrops',
  'motion-blur': 'blur',
  'gaussian-noise': 'noise',
  'gaussian-noise-seeded': 'noise',
  'camera-noise': 'noise',
};

test('the models are the tasks of the papers, each once, under what it removes', async () => {
  const studies = await Promise.all(PAPER_LIST.map(([, paper]) => paper.study()));
  const tasks = studies
    .map(({ study }) => study)
    .flatMap(({ name, tasks }) =>
      Object.entries(tasks).map(([task, { degradation }]) => [`${name}:${task}`, REMOVES[degradation]]),
    );
  expect(MODELS.map(({ name, removes }) => [name, removes]).sort()).toEqual(tasks.sort());
  expect([...new Set(MODELS.map(({ removes }) => removes))]).toEqual([...WEATHERS]);
});

test('a name that is none is answered with the nearest', async () => {
  for (const [name, nearest] of [
    ['durn:rian', 'durn:rain'],
    ['aecr', 'aecr:haze'],
    ['raindrop', 'raindrops'],
    ['multiwether:snow', 'multiweather:snow'],
  ])
    await expect(chooseModel(name!)).rejects.toThrow(
      expect.objectContaining({
        constructor: UsageError,
        message: `there is no model "${name}"; did you mean ${nearest}? "unweather models" lists all`,
      }),
    );
});

test('weights that are missing are told before the network that they belong to is asked for', async () => {
  await expect(chooseModel('rain', 'x.pth')).rejects.toThrow(
    /^x\.pth: cannot be read \(no such file or folder\); check/,
  );
  await expect(chooseModel('rain', 'file:///no/x.pth')).rejects.toThrow(/^\/no\/x\.pth: cannot be read/);
  await expect(chooseModel('rain', 'x')).rejects.toThrow(/^x: neither a file nor an installed package of weights/);
  const ambiguous = '--weights belong to one network; choose it with --model durn:rain or afrnet:rain';
  await mkdir('there', { recursive: true });
  await writeFile('there/x.pth', '');
  for (const weights of ['there/x.pth', '@unweather/durn#rain', 'https://example.org/x.pth'])
    await expect(chooseModel('rain', weights)).rejects.toThrow(ambiguous);
});

test('a weather takes the first model that has weights, and says which others have', async () => {
  await expect(chooseModel('raindrops')).rejects.toThrow(
    /^raindrops has no weights here \(no runs\/durn\/raindrop-quick\/checkpoint\.safetensors, runs\/afrnet\/raindrop-quick.+, and no package carries any\); train some with "npx nx run durn:train -- --task raindrop", or give a checkpoint with --weights$/,
  );
  const place = async (file: string) => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
  };
  const chosen = async (name: string) => {
    const { model, others } = await chooseModel(name);
    return [model, ...others].map(({ name }) => name);
  };
  await place('runs/multiweather/quick/student.safetensors');
  expect(await chosen('snow')).toEqual(['multiweather:snow']);
  expect(await chosen('haze')).toEqual(['aecr:haze', 'multiweather:haze']);
  await place('runs/durn/haze-quick/checkpoint.safetensors');
  expect(await chosen('haze')).toEqual(['aecr:haze', 'durn:haze', 'multiweather:haze']);
  expect(await chosen('multiweather:haze')).toEqual(['multiweather:haze']);
  // Minutes of the user's training do not replace the hours in the package.
  await place('runs/aecr/haze-quick/checkpoint.safetensors');
  expect((await chooseModel('haze')).weights).toBe('@unweather/aecr#haze');
});

test('weights of the user’s need the network named, unless there is but one', async () => {
  await expect(chooseModel('haze', 'https://example.org/x.pth')).rejects.toThrow(
    '--weights belong to one network; choose it with --model aecr:haze or durn:haze or multiweather:haze or maxim:haze or maxim:haze-outdoor',
  );
  expect(await chooseModel('snow', 'x.pth')).toMatchObject({ model: { name: 'multiweather:snow' }, weights: 'x.pth' });
});

test('the overview tells weights that are there, that are missing, and that are broken', async () => {
  await writeWeights(folder, 'noise');
  await mkdir('runs/multiweather/quick', { recursive: true });
  await writeFile('runs/multiweather/quick/student.safetensors', 'broken');
  await mkdir(join('runs/durn/blur-quick'));
  const all = new Map((await overview()).map((model) => [model.model, model]));
  expect([...all.keys()]).toEqual(MODELS.map(({ name }) => name));
  expect(all.get('durn:noise')).toMatchObject({
    removes: 'noise',
    network: 'DuRN_P',
    parameters: 816_225,
    bytes: 4 * 816_225,
    licence: 'MIT',
    weights: { there: true, trainedOn: 'the embedded photographs', licence: null, card: null },
  });
  expect(all.get('aecr:haze')!.weights).toMatchObject({
    name: '@unweather/aecr#haze',
    there: true,
    licence: 'MIT',
    card: expect.stringMatching(/weights.haze\.md$/),
    measured: expect.arrayContaining([expect.objectContaining({ pictures: 15, protocol: 'aecr' })]),
  });
  expect(all.get('durn:blur')!.weights).toEqual({
    path: 'runs/durn/blur-quick/checkpoint.safetensors',
    there: false,
    train: 'npx nx run durn:train -- --task blur',
    install: null,
  });
  expect(all.get('multiweather:snow')!.weights).toMatchObject({
    there: true,
    problem: expect.stringMatching(/student\.safetensors: not a file of weights/),
  });
});

describe('weights of another publisher', () => {
  const NAME = '@someone/snow';

  /** Makes the paper of snow know a package with weights, described by a card in a folder. */
  async function knowPackage(): Promise<void> {
    const { model, load } = await PAPERS.multiweather.model();
    const card = join(folder, 'snow.md');
    const row = {
      on: 'csd test',
      pictures: 3,
      psnrIn: 20,
      psnr: 31,
      ssim: 0.9,
      protocol: 'basicsr',
      date: '2026-12-01',
    };
    const facts = { title: 'MSBDN, snow', weights: 'ab'.repeat(32), data: 'Snow.', training: 'By its author.' };
    const words = { licence: 'MIT', notGoodFor: 'Rain.', protocols: [] };
    await writeFile(card, cardMarkdown({ ...facts, ...words, measured: [row, { ...row, on: 'csd test, heavy' }] }));
    const known: ForeignPackage = {
      ...{ name: NAME, version: '1.0.0', file: 'models/net.other', sha256: 'cd'.repeat(32) },
      card: pathToFileURL(card),
    };
    const foreign = {
      matches: (path: string) => path.endsWith('.other'),
      read: () => Promise.reject(new Error('the overview reads no weights')),
      packages: { snow: known },
    };
    vi.spyOn(PAPERS.multiweather, 'model').mockResolvedValue({ model: { ...model, foreign }, load });
  }

  async function install(version = '1.0.0'): Promise<void> {
    const home = join(folder, 'node_modules', NAME);
    await mkdir(join(home, 'models'), { recursive: true });
    await writeFile(join(home, 'package.json'), JSON.stringify({ name: NAME, version, license: 'ISC' }));
    await writeFile(join(home, 'models/net.other'), new Uint8Array(1000));
    await writeFile(join(home, 'models/shard.bin'), new Uint8Array(500));
  }

  test('serve a model by its name, and never a weather', async () => {
    await knowPackage();
    await expect(chooseModel('multiweather:snow')).rejects.toThrow(
      'multiweather, snow: @someone/snow is not installed; run "npm i @someone/snow@1.0.0", or give some with --weights',
    );
    const none = /^snow has no weights here \(no runs.+ carries any\); /;
    await expect(chooseModel('snow')).rejects.toThrow(none);
    await expect(chooseModel('snow')).rejects.toThrow(
      'run "npm i @someone/snow@1.0.0" and name --model multiweather:snow, which has those of @someone/snow, train some',
    );
    await install();
    expect(await chooseModel('multiweather:snow')).toMatchObject({ weights: NAME, others: [] });
    await expect(chooseModel('snow')).rejects.toThrow(none);
    await expect(chooseModel('snow')).rejects.toThrow(
      'carries any); name --model multiweather:snow, which has those of @someone/snow, train some with',
    );
    const quick = 'runs/multiweather/quick/student.safetensors';
    await mkdir(dirname(quick), { recursive: true });
    await writeFile(quick, '');
    expect(await chooseModel('snow')).toMatchObject({
      model: { name: 'multiweather:snow' },
      weights: quick,
      others: [],
    });
    expect(await chooseModel('multiweather:snow')).toMatchObject({ weights: NAME });
  });

  test('are listed with licence, size and scores, or with the command that installs them', async () => {
    await knowPackage();
    const snow = async () => (await overview()).find(({ model }) => model === 'multiweather:snow')!.weights;
    expect(await snow()).toMatchObject({ there: false, install: 'npm i @someone/snow@1.0.0' });
    await install();
    expect(await snow()).toMatchObject({
      ...{ name: NAME, there: true, licence: 'ISC', size: 1500, card: join(folder, 'snow.md') },
      measured: [{ on: 'csd test', psnr: 31 }, { on: 'csd test, heavy' }],
    });
    const printed: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(`${text}`) > 0);
    await modelsCommand({});
    const lines = printed
      .join('')
      .split('\n')
      .map((line) => line.replace(/ +/g, ' '));
    expect(lines).toContainEqual(
      expect.stringMatching(/^\| multiweather:snow .+ @someone\/snow, 0\.0 MB, ISC, described in snow\.md \|$/),
    );
    expect(lines).toContain('| multiweather:snow | csd test | 3 | 20.00 | 31.00 | 0.9000 | basicsr | 2026-12-01 |');
    expect(lines.filter((line) => line.includes('csd test'))).toHaveLength(1);
    await install('2.0.0');
    expect(await snow()).toMatchObject({ there: true, problem: expect.stringContaining('version 2.0.0 is installed') });
  });
});

test('every model has a time, beside that of its weather’s default', async () => {
  const all = new Map((await overview()).map((model) => [model.model, model]));
  for (const { time } of all.values()) expect(time!.seconds).toBeGreaterThan(0);
  expect(all.get('durn:rain')!.time).toMatchObject({ beside: 'durn:rain', ratio: 1, pixels: 256 * 256 });
  expect(all.get('multiweather:rain')!.time).toMatchObject({ beside: 'durn:rain', ratio: expect.any(Number) });
  // No package has weights for snow.
  expect(all.get('multiweather:snow')!.time).toMatchObject({ beside: null, ratio: null });
});
