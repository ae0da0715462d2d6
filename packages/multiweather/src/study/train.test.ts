import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initialState, pictureSize, writeCheckpoint } from '@unweather/core-tensor';
import type { Reporter } from '@unweather/lab';
import { inProcess, temporaryFolder, writePairs } from '@unweather/testing';
import { expect, test } from 'vitest';
import { MSBDN } from '../networks/msbdn.js';
import { networkName } from '../networks/widths.js';
import { type Recipe, recipes } from './recipes.js';
import { type TrainOptions, train } from './train.js';

const multiweather = inProcess(new URL('../cli.js', import.meta.url));

const tiny: Recipe = {
  ...recipes.quick!,
  ...{ width: 0.25, crop: 32, batch: 2, batchesPerEpoch: 2, warmUp: 1 },
  ...{ teacherEpochs: 1, collationEpochs: 1, examinationEpochs: 2, validateEvery: 2 },
};

/** Reporter that keeps its lines. */
function listener(): Reporter & { readonly lines: string[] } {
  const lines: string[] = [];
  const nothing = () => undefined;
  return {
    lines,
    say: (text) => void lines.push(text),
    step: ({ loss }) => void lines.push(Object.keys(loss).join(' ')),
    picture: nothing,
    download: nothing,
    wrote: nothing,
    result: (text) => void lines.push(text),
    pause: nothing,
  };
}

/** Makes a folder with a pair of pictures, and meta files that name it under two weathers. */
async function twoWeathers() {
  const folder = await temporaryFolder();
  await writePairs(folder, [[40, 40]]);
  const meta = join(folder, 'meta');
  await mkdir(meta);
  for (const name of ['fog', 'rain']) await writeFile(join(meta, `${name}.json`), '[["gt-0.png","rain-0.png"]]');
  return { folder, meta };
}

test('teachers, collation and examination, the best kept; a finished run is not trained again; folders are restored', {
  tags: 'whole',
}, async () => {
  const { folder, meta } = await twoWeathers();
  const out = join(folder, 'out');
  const options: TrainOptions = {
    ...{ stage: 'all', recipe: 'tiny', metaTrain: meta, metaValid: meta, root: folder, out },
  };
  const signal = new AbortController().signal;
  const first = listener();
  expect(await train(tiny, options, first, signal)).toBe(true);
  const steps = ['total l1', 'total l1', 'total l1', 'total l1'];
  const student = ['total teacher pfe pfv', 'total teacher pfe pfv', ...steps];
  expect(first.lines.filter((line) => line.startsWith('total'))).toEqual([...steps, ...student]);
  const files = await readdir(out);
  const best = files.filter((file) => /^epoch_[23]_psnr/.test(file));
  expect(best).toHaveLength(2);
  expect(files.filter((file) => !best.includes(file))).toEqual([
    ...['contact-sheet.png', 'curve.svg', 'environment.json', 'held-out.csv', 'held-out.md', 'latest.safetensors'],
    ...['log.jsonl', 'recipe.json', 'student', 'student.safetensors', 'teacher-fog', 'teacher-fog.safetensors'],
    ...['teacher-rain', 'teacher-rain.safetensors', 'validation.json'],
  ]);
  const log = (await readFile(join(out, 'log.jsonl'), 'utf8')).trim().split('\n');
  const stages = log
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === 'stage');
  expect(stages.map(({ part, stage, from, to }) => [part, stage, from, to])).toEqual([
    ['teacher-fog', undefined, 0, 2],
    ['teacher-rain', undefined, 0, 2],
    ['student', 'collation', 0, 2],
    ['student', 'examination', 2, 6],
  ]);
  // Validation follows the second of the three epochs, and the last.
  const saved = JSON.parse(await readFile(join(out, 'validation.json'), 'utf8')) as { sets: { set: string }[] }[];
  expect(saved.map(({ sets }) => sets.map(({ set }) => set))).toEqual([
    ['fog', 'rain'],
    ['fog', 'rain'],
  ]);

  const again = listener();
  expect(await train(tiny, { ...options, resume: true }, again, signal)).toBe(true);
  expect(again.lines.filter((line) => line.startsWith('total'))).toEqual([]);
  // The command line finds the recipe in the checkpoints.
  const args = ['train', '--meta-train', meta, '--meta-valid', meta, '--root', folder, '--out', out, '--resume'];
  expect(await multiweather(args)).toMatchObject({ status: 0, stderr: '' });
  await expect(train({ ...tiny, seed: 9 }, { ...options, resume: true }, listener(), signal)).rejects.toThrow(
    /teacher-fog\.safetensors: was written by another run; choose another --out, or leave out --resume/,
  );

  const weights = join(out, 'student.safetensors');
  const results = join(folder, 'results');
  const inferred = await multiweather(['infer', '--dir', folder, '--checkpoint', weights, '--save-dir', results]);
  expect(inferred).toMatchObject({ status: 0, stderr: '' });
  // The official inference leaves the size at multiples of 16.
  expect(await pictureSize(join(results, 'rain-0.png'))).toEqual({ width: 32, height: 32 });
  const restored = join(folder, 'restored.png');
  const one = await multiweather(['restore', join(folder, 'rain-0.png'), '--weights', weights, '--out', restored]);
  expect(one).toMatchObject({ status: 0, stderr: '' });
  expect(await pictureSize(restored)).toEqual({ width: 40, height: 40 });
});

test('teachers of other packages show their pictures; a checkpoint beside them does, too', {
  tags: 'whole',
}, async () => {
  const { folder, meta } = await twoWeathers();
  const signal = new AbortController().signal;
  const once = { ...tiny, examinationEpochs: 1, validateEvery: 1 };
  const options = { recipe: 'tiny', metaTrain: meta, metaValid: meta, root: folder };
  const taught = async (out: string, ...teachers: string[]) => {
    const heard = listener();
    const student = { ...options, stage: 'student' as const, teachers, out: join(folder, out) };
    expect(await train(once, student, heard, signal)).toBe(true);
    return heard.lines;
  };
  const lines = await taught('guests', 'aecr:haze', 'durn:rain');
  expect(lines.filter((line) => line.startsWith('total'))).toEqual([
    ...['total teacher', 'total teacher', 'total l1', 'total l1'],
  ]);
  expect(lines).toContain(
    'all teachers show their pictures, not their features: aecr:haze (KoschmiederNet, @unweather/aecr#haze); durn:rain (VeilNet, @unweather/durn#rain)',
  );
  const own = join(folder, 'own.safetensors');
  const weights = initialState(new MSBDN(tiny.width).parameters(), 1);
  await writeCheckpoint(own, networkName(tiny.width), weights, { step: 0, seed: 1, recipe: {} });
  const mixed = await taught('mixed', own, 'durn:rain');
  expect(mixed.filter((line) => line.startsWith('total'))[0]).toBe('total teacher');

  const refused = (name: string) => taught('refused', name, 'durn:rain');
  await expect(refused('nobody:rain')).rejects.toThrow(
    'teacher nobody:rain: @unweather/nobody is not installed; run "npm install @unweather/nobody", or give a checkpoint',
  );
  await expect(refused('eval:rain')).rejects.toThrow('teacher eval:rain: @unweather/eval has no networks; name one');
  await expect(refused('durn:fog')).rejects.toThrow(/^teacher durn:fog: .*rain/);
});

test('--steps shortens every network; stages, warm-up and validations keep their shares', async () => {
  const { stdout } = await multiweather(['train', '--steps', '34', '--seed', '5', '--print-recipe']);
  expect(JSON.parse(stdout)).toEqual({
    ...recipes.quick,
    ...{ seed: 5, batchesPerEpoch: 1, teacherEpochs: 34, collationEpochs: 2, examinationEpochs: 32 },
    ...{ warmUp: 1, validateEvery: 10 },
  });
});

test('errors are one line that says what to do', async () => {
  const folder = await temporaryFolder();
  const train = async (...args: string[]) =>
    (await multiweather(['train', '--out', join(folder, 'out'), ...args])).stderr;
  expect(await train('--recipe', 'paper')).toMatch(/needs datasets of yours; .+ with --meta-train/);
  expect(await train('--stage', 'teacher')).toMatch(/choose a teacher with --weather: haze, rain, snow/);
  expect(await train('--stage', 'teacher', '--weather', 'fog')).toMatch(/there is no weather "fog"/);
  expect(await train('--stage', 'student')).toMatch(/teacher-haze\.safetensors: cannot be read/);
  expect(await train('--stage', 'student', '--teachers', 'a', 'b')).toMatch(
    /2 teachers for 3 weathers \(haze, rain, snow\)/,
  );
  expect(await train('--meta-train', folder)).toMatch(/contains no \.json meta file/);
  expect(await train('--resume')).toMatch(/out: contains no checkpoint to resume from; give the --out of the run/);
  expect(await train('--resume', '--seed', '3', '--steps', '9')).toMatch(
    /--resume goes on with the recipe, .+; leave out --seed, --steps/,
  );
  const infer = await multiweather(['infer', '--dir', folder, '--checkpoint', 'x', '--save-dir', folder]);
  expect(infer.stderr).toMatch(/contains no pictures; give a folder of pictures/);
});
