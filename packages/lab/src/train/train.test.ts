import { readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  abs,
  BatchNorm2d,
  Conv2d,
  initialState,
  type Loss,
  Module,
  mean,
  perceptual,
  Random,
  readCheckpoint,
  readVgg,
  type StepReport,
  sub,
  type Tensor,
  Vgg,
  writePng,
} from '@unweather/core-tensor';
import { basicsrProtocol } from '@unweather/eval';
import { expect, test } from 'vitest';
import type { EquippedLoss, Recipe } from '../recipe.js';
import type { Reporter } from '../reporter.js';
import type { Study } from '../study.js';
import { temporaryFolder } from '../test-support.js';
import { newestIn, train } from './train.js';

const weights = fileURLToPath(new URL('../../../core-tensor/goldens/checkpoints/vgg-start.pth', import.meta.url));

/** A loss through the first layer of VGG19. */
const judged: EquippedLoss = (() => {
  const vgg = new Vgg('vgg19', [1]);
  return {
    loss: (output, target) => ({ total: perceptual(vgg, output, target, [1]) }),
    judges: { parameters: vgg.parameters('vgg19'), read: ({ vgg: path }) => readVgg(vgg, path) },
  };
})();

const quick: Recipe = {
  ...{ name: 'quick', note: '', crop: 16, batch: 1, duration: { steps: 2 }, optimiser: 'adam', learningRate: 1e-3 },
  ...{ schedule: { kind: 'constant' }, flip: true, order: 'shuffled', visit: 'pair', loss: 'judged', seed: 1 },
  ...{ saveEvery: 10, needsData: false },
};
const create = () => new Conv2d(3, 3, 3, { padding: 1 });
const paper: Study = {
  name: 'paper',
  title: 'A paper',
  networks: { Net: { create, losses: { judged: judged.loss }, gradientNoise: 0, gradientShare: 0, stepsNoise: 0 } },
  tasks: {
    rain: {
      ...{ title: 'rain', network: 'Net', recipes: { quick }, losses: { judged } },
      ...{ protocols: [basicsrProtocol], benchmarks: {}, degradation: 'rain' },
    },
  },
  home: new URL('file:///nowhere/'),
  protocols: new URL('file:///nowhere/'),
  published: new URL('file:///nowhere/'),
  goldens: new URL('file:///nowhere/'),
};

/** One small picture to score on, since scoring is not what these tests are about. */
async function heldOut(): Promise<string> {
  const folder = await temporaryFolder();
  const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * 37) % 256);
  await writePng(join(folder, 'a.png'), { width: 16, height: 16, data });
  await writeFile(join(folder, 'meta.json'), '[["a.png","a.png"]]');
  return join(folder, 'meta.json');
}

const nothing = () => undefined;
const silent: Reporter = {
  download: () => undefined,
  say: nothing,
  step: nothing,
  picture: nothing,
  wrote: nothing,
  result: nothing,
  pause: nothing,
};

test('a recipe that looks through VGG asks for its file, trains with it, and keeps it out of the checkpoint', async () => {
  const out = await temporaryFolder();
  const options = { task: 'rain', recipe: 'quick', out, heldOut: await heldOut() };
  const run = (vgg: object) => train(paper, { ...options, ...vgg }, silent, new AbortController().signal);
  await expect(run({})).rejects.toThrow(/needs the vgg19 features .+ give the file with --vgg/);
  expect(await readdir(out)).toEqual([]);
  expect(await run({ vgg: weights })).toBe(true);
  const { weights: saved } = await readCheckpoint(join(out, 'checkpoint.safetensors'), 'Net', create().parameters());
  expect([...saved.keys()]).toEqual(['weight', 'bias']);
});

class Normed extends Module {
  readonly norm = new BatchNorm2d(3);
  readonly conv = create();

  protected forward(x: Tensor): Tensor {
    return this.conv.apply(this.norm.apply(x));
  }
}

/** Weights that the trainings below begin with. */
const trainedFrom = initialState(new Normed().parameters(), quick.seed);

/** Trains for two steps by a recipe with these changes and returns the weights. */
async function trainedBy(different: Partial<Recipe>) {
  const out = await temporaryFolder();
  const recipe: Recipe = { ...quick, loss: 'l1', ...different };
  const l1: Loss = (output, target) => ({ total: mean(abs(sub(output, target))) });
  const net = { ...paper.networks.Net!, create: () => new Normed() };
  const rain = { ...paper.tasks.rain!, recipes: { quick: recipe }, losses: { l1 } };
  const normed: Study = { ...paper, networks: { Net: net }, tasks: { rain } };
  const options = { task: 'rain', recipe: 'quick', out, heldOut: await heldOut() };
  expect(await train(normed, options, silent, new AbortController().signal)).toBe(true);
  return (await readCheckpoint(join(out, 'checkpoint.safetensors'), 'Net', new Normed().parameters())).weights;
}

test('a recipe may measure running statistics anew at the end', async () => {
  const statistics = { crop: 128, batch: 2, batches: 3 };
  const [moving, measured, again] = [
    await trainedBy({}),
    await trainedBy({ statistics }),
    await trainedBy({ statistics }),
  ];
  // Two steps of momentum 0.1 from 0 cover less than a fifth of the way to the mean of photographs.
  const brightness = (of: typeof moving) => Number(of.get('norm.running_mean')!.data[0]);
  expect(brightness(moving)).toBeLessThan(0.2);
  expect(brightness(measured)).toBeGreaterThan(0.25);
  expect(measured.get('conv.weight')).toEqual(moving.get('conv.weight'));
  expect(again).toEqual(measured);
});

test('a recipe may leave running statistics as they are, and may change colours', async () => {
  const [usual, frozen] = [await trainedBy({}), await trainedBy({ frozenStatistics: true })];
  expect([...frozen.get('norm.running_mean')!.data]).toEqual([0, 0, 0]);
  expect([...frozen.get('norm.running_var')!.data]).toEqual([1, 1, 1]);
  expect(frozen.get('conv.weight')).not.toEqual(usual.get('conv.weight'));
  const jittered = await trainedBy({ colourJitter: true, frozenStatistics: true });
  expect(jittered.get('conv.weight')).not.toEqual(frozen.get('conv.weight'));
});

test('phases, average and validation: a run that was stopped and resumed leaves the same files', async () => {
  const recipe: Recipe = {
    ...{ ...quick, loss: 'l1', duration: { steps: 32 }, saveEvery: 8, average: 0.9, validateEvery: 8, accumulate: 2 },
    ...{ meanColour: 0.5, crop: 32, laterCrops: [{ after: 0.5, crop: 64 }], frozenStatistics: { after: 0.25 } },
  };
  const l1: Loss = (output, target) => ({ total: mean(abs(sub(output, target))) });
  const net = { ...paper.networks.Net!, create: () => new Normed() };
  const rain = { ...paper.tasks.rain!, recipes: { quick: recipe }, losses: { l1 } };
  const own: Study = { ...paper, networks: { Net: net }, tasks: { rain } };
  const data = await heldOut();
  const run = (out: string, options: object, reporter = silent, controller = new AbortController()) =>
    train(
      own,
      { task: 'rain', recipe: 'quick', out, heldOut: data, validate: [data], ...options },
      reporter,
      controller.signal,
    );
  const [whole, parts] = [await temporaryFolder(), await temporaryFolder()];
  const losses: StepReport[] = [];
  expect(await run(whole, {}, { ...silent, step: (report) => void losses.push(report) })).toBe(true);
  const controller = new AbortController();
  const stopping = { ...silent, step: ({ step }: StepReport) => void (step === 20 && controller.abort()) };
  expect(await run(parts, {}, stopping, controller)).toBe(false);
  expect(await run(parts, { resume: join(parts, 'checkpoint.safetensors') })).toBe(true);
  for (const file of ['checkpoint', 'average', 'best'])
    expect(await readFile(join(parts, `${file}.safetensors`)), file).toEqual(
      await readFile(join(whole, `${file}.safetensors`)),
    );
  const steps = JSON.parse(await readFile(join(whole, 'validation.json'), 'utf8')) as { step: number }[];
  expect(steps.map(({ step }) => step)).toEqual([8, 16, 24, 32]);
  expect(await readFile(join(parts, 'validation.json'))).toEqual(await readFile(join(whole, 'validation.json')));
  const all = Array.from({ length: 32 }, (_, i) => i + 1);
  expect(losses.map(({ step }) => step)).toEqual(all);
  // The logs hold every step once, whatever came between.
  for (const out of [whole, parts]) {
    const lines = (await readFile(join(out, 'log.jsonl'), 'utf8')).trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { event: string; step: number });
    const stepsOf = (name: string) => events.filter(({ event }) => event === name).map(({ step }) => step);
    expect(stepsOf('step')).toEqual(all);
    expect(stepsOf('validation')).toEqual([8, 16, 24, 32]);
  }
  // What recipe.json holds is the recipe.
  expect(JSON.parse(await readFile(join(whole, 'recipe.json'), 'utf8'))).toEqual(recipe);
  const { total, colour } = losses[0]!.loss as { total: number; colour: number };
  expect(colour).toBeGreaterThan(0);
  expect(total).toBeGreaterThan(0.5 * colour);
  const of = async (file: string) =>
    (await readCheckpoint(join(whole, file), 'Net', new Normed().parameters())).weights.get('conv.weight');
  expect(await of('average.safetensors')).not.toEqual(await of('checkpoint.safetensors'));
});

test('validations change no bit of what is trained, and an option sets how often they take place', async () => {
  const l1: Loss = (output, target) => ({ total: mean(abs(sub(output, target))) });
  const recipe: Recipe = { ...quick, loss: 'l1', batch: 2, duration: { steps: 100 } };
  const own: Study = {
    ...paper,
    tasks: { rain: { ...paper.tasks.rain!, recipes: { quick: recipe }, losses: { l1 } } },
  };
  const held = await heldOut();
  const run = async (more: object) => {
    const out = await temporaryFolder();
    const options = { task: 'rain', recipe: 'quick', out, heldOut: held, ...more };
    expect(await train(own, options, silent, new AbortController().signal)).toBe(true);
    const at = async (file: string) => (await readFile(join(out, file), 'utf8').catch(() => '[]')) as string;
    const steps = (JSON.parse(await at('validation.json')) as { step: number }[]).map(({ step }) => step);
    const { weights } = await readCheckpoint(join(out, 'checkpoint.safetensors'), 'Net', create().parameters());
    return { steps, weights };
  };
  const [without, usual, often] = [await run({ validateEvery: 0 }), await run({}), await run({ validateEvery: 40 })];
  expect([without.steps, usual.steps, often.steps]).toEqual([[], [50, 100], [40, 80, 100]]);
  expect(usual.weights).toEqual(without.weights);
  expect(often.weights).toEqual(without.weights);
});

test('one command begins a run, goes on with it each time its time is over, and finishes it', async () => {
  const l1: Loss = (output, target) => ({ total: mean(abs(sub(output, target))) });
  const recipe: Recipe = { ...quick, loss: 'l1', duration: { steps: 3 } };
  const own: Study = {
    ...paper,
    tasks: { rain: { ...paper.tasks.rain!, recipes: { quick: recipe }, losses: { l1 } } },
  };
  const [held, out] = [await heldOut(), await temporaryFolder()];
  const said: string[] = [];
  const reporter = { ...silent, say: (text: string) => void said.push(text) };
  const run = async (more: object = {}) => {
    const resume = await newestIn(out, reporter);
    const options = { task: 'rain', recipe: 'quick', out, heldOut: held, maxTime: 1e-6, seed: 5, sameOptions: true };
    const going = { ...options, ...(resume !== undefined && { resume }), ...more };
    return train(own, going, reporter, new AbortController().signal);
  };
  expect([await run(), await run()]).toEqual([false, false]);
  await expect(run({ seed: 6, set: ['flip=false'] })).rejects.toThrow(
    /checkpoint\.safetensors: was trained by another recipe \(flip, seed differ\); choose another --out/,
  );
  // The newest checkpoint is cut short; the one before it holds step 1.
  const newest = join(out, 'checkpoint.safetensors');
  cutFile(newest);
  expect(await run()).toBe(false);
  expect(said.filter((line) => /stopped|damaged|looking/.test(line))).toEqual([
    'stopped after step 1 of 3, since the time of --max-time is over; go on with --resume',
    'stopped after step 2 of 3, since the time of --max-time is over; go on with --resume',
    expect.stringMatching(/checkpoint\.safetensors: .+; looking for the checkpoint before it$/),
    'stopped after step 2 of 3, since the time of --max-time is over; go on with --resume',
  ]);
  expect(await run()).toBe(true);
  const log = (await readFile(join(out, 'log.jsonl'), 'utf8')).trim().split('\n');
  const events = log.map((line) => JSON.parse(line) as { event: string; step: number });
  expect(events.filter(({ event }) => event === 'step').map(({ step }) => step)).toEqual([1, 2, 3]);
  await expect(run({ keepBest: 'ssim', validateEvery: 0 })).rejects.toThrow(
    '--keep-best needs scores of a validation, and this run has none; add --validate-every',
  );
});

test('a dry run tells time and memory and keeps nothing', async () => {
  const [held, out] = [await heldOut(), await temporaryFolder()];
  const said: string[] = [];
  const options = { task: 'rain', recipe: 'quick', out, heldOut: held, vgg: weights, steps: 500, dryRun: true };
  const reporter = { ...silent, say: (text: string) => void said.push(text) };
  expect(await train(paper, options, reporter, new AbortController().signal)).toBe(true);
  expect(said.at(-1)).toMatch(
    /^dry run: [\d.e-]+ s per step, [\d.]+ (s|min|h) for 500 steps without their validations, \d+ MB of memory/,
  );
  expect(await readdir(out)).toEqual([]);
});

test('a recipe may limit the norm of its gradients, which the log tells', async () => {
  // Adam takes no notice of a common factor but for its epsilon, so that only a tiny limit shows.
  const [free, clipped] = [await trainedBy({}), await trainedBy({ clipNorm: 1e-9 })];
  const moved = (weights: typeof free) =>
    Math.abs(Number(weights.get('conv.bias')!.data[0]) - Number(trainedFrom.get('conv.bias')!.data[0]));
  expect(moved(clipped)).toBeLessThan(0.2 * moved(free));
  await expect(trainedBy({ clipNorm: 1, accumulate: 2 })).rejects.toThrow(
    'recipe "quick": clipNorm limits the gradients of each batch, accumulate adds those of several; leave out one',
  );
});

/** Pairs of noise to train on, in a meta file. */
async function noisePairs(count: number): Promise<{ folder: string; meta: string }> {
  const folder = await temporaryFolder();
  const random = new Random(1);
  for (let i = 0; i < count; i++) {
    const data = Uint8Array.from({ length: 24 * 24 * 3 }, () => random.integer(256));
    await writePng(join(folder, `${i}.png`), { width: 24, height: 24, data });
  }
  const meta = join(folder, 'meta.json');
  await writeFile(meta, JSON.stringify(Array.from({ length: count }, (_, i) => [`${i}.png`, `${i}.png`])));
  return { folder, meta };
}

/** Cuts a file in half; at once, so that a step of a training sees all of it or nothing. */
function cutFile(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length / 2));
}

test('a pair that is broken before the start is named; one that breaks later ends the run after its checkpoint', async () => {
  const l1: Loss = (output, target) => ({ total: mean(abs(sub(output, target))) });
  const recipe: Recipe = { ...quick, loss: 'l1', batch: 2, duration: { steps: 40 }, saveEvery: 1000 };
  const rain = { ...paper.tasks.rain!, recipes: { quick: recipe }, losses: { l1 } };
  const own: Study = { ...paper, tasks: { rain } };
  const held = await heldOut();
  const run = (data: string, out: string, more: object = {}, reporter = silent) =>
    train(
      own,
      { task: 'rain', recipe: 'quick', out, heldOut: held, data, ...more },
      reporter,
      new AbortController().signal,
    );
  const before = await noisePairs(3);
  cutFile(join(before.folder, '1.png'));
  const out = await temporaryFolder();
  await expect(run(before.meta, out)).rejects.toThrow(/pair "entry 1": .+1\.png: not a readable picture/);
  expect(await readdir(out)).toEqual([]);

  // More pairs than the workers decode ahead, so that the last ones are still unread when they break.
  const { folder, meta } = await noisePairs(80);
  const step = (report: StepReport) => {
    if (report.step === 2) for (let i = 0; i < 80; i++) cutFile(join(folder, `${i}.png`));
  };
  await expect(run(meta, out, {}, { ...silent, step })).rejects.toThrow(
    /\.png: not a readable picture .+; .+checkpoint\.safetensors holds the work until step \d+, go on with --resume/,
  );
  const { progress } = await readCheckpoint(join(out, 'checkpoint.safetensors'), 'Net', create().parameters());
  expect(progress!.step).toBeGreaterThanOrEqual(2);
  expect(progress!.step).toBeLessThan(40);
});

test('on request broken pairs are skipped, and counted', async () => {
  const l1: Loss = (output, target) => ({ total: mean(abs(sub(output, target))) });
  const recipe: Recipe = { ...quick, loss: 'l1', batch: 2, duration: { steps: 6 } };
  const rain = { ...paper.tasks.rain!, recipes: { quick: recipe }, losses: { l1 } };
  const own: Study = { ...paper, tasks: { rain } };
  const { folder, meta } = await noisePairs(4);
  cutFile(join(folder, '1.png'));
  const said: string[] = [];
  const reporter = { ...silent, say: (text: string) => void said.push(text) };
  const options = { task: 'rain', recipe: 'quick', out: await temporaryFolder(), heldOut: await heldOut(), data: meta };
  const signal = new AbortController().signal;
  expect(await train(own, { ...options, onBadPair: 'skip' }, reporter, signal)).toBe(true);
  expect(said.filter((text) => text.includes('skipped'))).toEqual([
    expect.stringMatching(
      /meta\.json: 1 pair \(entry 1\) cannot be used and are skipped; pair "entry 1": .+1\.png: not a/,
    ),
    '1 pair was skipped, other pairs took their places',
  ]);
  for (const i of [0, 2, 3]) cutFile(join(folder, `${i}.png`));
  await expect(train(own, { ...options, onBadPair: 'skip' }, reporter, signal)).rejects.toThrow(
    'meta.json: none of its pairs can be used; pair "entry 0"',
  );
});
