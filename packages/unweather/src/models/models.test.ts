import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@unweather/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MODELS, PAPER_LIST, WEATHERS } from '../papers.js';
import { writeWeights } from '../test-support.js';
import { UsageError } from '../usage-error.js';
import { chooseModel } from './choose.js';
import { overview } from './overview.js';

/** Working directory of each test, where default weights are looked for, and the one before it. */
let [folder, before] = ['', process.cwd()];
beforeEach(async () => {
  [folder, before] = [await temporaryFolder(), process.cwd()];
  process.chdir(folder);
});
afterEach(() => process.chdir(before));

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

test('a weather takes the first model that has weights, and says which others have', async () => {
  await expect(chooseModel('raindrops')).rejects.toThrow(
    /^raindrops has no weights here \(no runs\/durn\/raindrop-quick\/checkpoint\.safetensors, runs\/afrnet\/raindrop-quick.+, and no package carries any\); train some in the repository with "npx nx run durn:train -- --task raindrop", or give a checkpoint with --weights$/,
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
  await expect(chooseModel('haze', 'x.pth')).rejects.toThrow(
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
  });
  expect(all.get('durn:blur')!.weights).toEqual({
    path: 'runs/durn/blur-quick/checkpoint.safetensors',
    there: false,
    train: 'npx nx run durn:train -- --task blur',
  });
  expect(all.get('multiweather:snow')!.weights).toMatchObject({
    there: true,
    problem: expect.stringMatching(/student\.safetensors: not a safetensors file/),
  });
});
