import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DivergedError,
  type Executable,
  float32,
  type Optimiser,
  readMetadata,
  readSafetensors,
  type State,
  sgd,
  type TrainingBatch,
} from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import type { Reporter } from '../reporter.js';
import { temporaryFolder } from '../test-support.js';
import { resumedFrom } from './resume.js';
import { type Run, runStages } from './run.js';
import type { Stage } from './stage.js';
import { WeightAverage } from './weight-average.js';

/** A network of one weight w, which minimises x·w² by plain descent: w − rate·2·x·w, in float32. */
const parameters = new Map([['w', { shape: [1], dtype: 'float32', trained: true } as never]]);
const one = (value: number) => float32(Float32Array.of(value), [1]);
const first = (): State =>
  new Map([
    ['w', one(1)],
    ['optimizer.gradient.w', one(0)],
  ]);

interface Course {
  readonly steps: number;
  readonly saveEvery?: number;
  readonly onNan?: Run['onNan'];
  /** Learning rate of a step, 1 for the first; default 0.01. */
  rate?(step: number): number;
  /** Input of a step's batch; default: 1 and a bit more every step. */
  input?(step: number): number;
  /** True if the step makes the weight NaN while its loss is a number. */
  ruins?(step: number): boolean;
  /** Steps whose gradients make one update. */
  readonly group?: number;
  readonly signal?: AbortSignal;
  readonly folder?: string;
  readonly resume?: boolean;
}

const usualInput = (step: number) => 1 + step / 100;

function stageOf({ steps, rate = () => 0.01, input = usualInput, ruins = () => false, group = 1 }: Course): Stage {
  const inputs = (step: number, value: number) => ({
    rate: float32(Float32Array.of(value), []),
    step: float32(Float32Array.of(step), []),
  });
  const optimiser: Optimiser = { ...sgd(), inputs, ...(group > 1 && { accumulates: group }) };
  return {
    to: steps,
    learningRate: (batch) => rate(batch.step + 1),
    async open(state) {
      let [w, sum] = ['w', 'optimizer.gradient.w'].map((name) => Number(state.get(name)!.data[0])) as [number, number];
      const executable: Executable = {
        async run(given) {
          const [x, step, pace] = [given.input, given.step, given.rate].map((one) => Number(one!.data[0])) as [
            number,
            number,
            number,
          ];
          const loss = Math.fround(x * w * w);
          sum = Math.fround(((step - 1) % group === 0 ? 0 : sum) + (2 * x * w) / group);
          if (step % group === 0) w = ruins(step) ? Number.NaN : Math.fround(w - pace * sum);
          return { total: one(loss), mse: one(loss) };
        },
        state: async () =>
          new Map([
            ['w', one(w)],
            ['optimizer.gradient.w', one(sum)],
          ]),
        dispose: async () => undefined,
      };
      return {
        ...{ executable, optimiser, shape: { channels: 1, height: 1, width: 1 } },
        async *batches(from): AsyncGenerator<TrainingBatch> {
          for (let step = from; ; step++) {
            const value = Float32Array.of(input(step + 1));
            yield { step, epoch: 0, size: 1, input: value, truth: value, files: [`${step + 1}.png`] };
          }
        },
        close: async () => undefined,
      };
    },
  };
}

/** Runs a course; returns its lines, what its files hold, and its error. */
async function ran(course: Course) {
  const folder = course.folder ?? (await temporaryFolder());
  const lines: string[] = [];
  const nothing = () => undefined;
  const reporter: Reporter = {
    ...{ say: (line) => void lines.push(line), step: nothing, picture: nothing, download: nothing, wrote: nothing },
    ...{ result: nothing, pause: nothing },
  };
  const [file, settings] = ['checkpoint.safetensors', { of: 'test' }];
  const run: Run = {
    ...{ folder, file, network: 'W', parameters, seed: 1, settings, reporter, stages: [stageOf(course)] },
    ...{
      saveEvery: course.saveEvery ?? 10,
      onNan: course.onNan,
      signal: course.signal ?? new AbortController().signal,
    },
  };
  const path = join(folder, file);
  const from = course.resume ? await resumedFrom(path, 'W', parameters, settings) : { state: first(), done: 0 };
  const average = new WeightAverage(0.9, parameters, from.state);
  const state = new Map([...first().keys()].map((name) => [name, from.state.get(name)!]));
  const error = await runStages({ ...run, average }, { ...from, state }).then(
    () => undefined,
    (thrown: unknown) => thrown as DivergedError,
  );
  const saved = async (name: string) => {
    const { tensors } = await readSafetensors(join(folder, name));
    return { w: Number(tensors.get('w')!.data[0]), ...(await readMetadata(join(folder, name))) };
  };
  return { folder, lines, saved, error, files: await readdir(folder) };
}

/** Weight after some steps of the usual course; the batches of `without` are left out. */
function weightAfter(steps: number, { without = [] as number[], rate = (_: number) => 0.01 } = {}): number {
  let w = 1;
  for (let step = 1; step <= steps; step++)
    if (!without.includes(step))
      w = Math.fround(w - Math.fround(rate(step)) * Math.fround(2 * Math.fround(usualInput(step)) * w));
  return w;
}

test('a rate that ruins the weights leaves the two checkpoints before it, which the message names', async () => {
  const rate = (step: number) => (step < 5 ? 0.01 : 1e30);
  const { folder, error, saved, files } = await ran({ steps: 100, saveEvery: 1, rate });
  expect(error).toBeInstanceOf(DivergedError);
  expect(error!.message).toBe(
    `training diverged: loss term "total" is Infinity at step 6, on "6.png"; ${folder}/checkpoint.safetensors holds ` +
      `step 4, ${folder}/previous-checkpoint.safetensors step 3; lower the learning rate, or go on from there with ` +
      '--resume --on-nan skip or halve',
  );
  expect(await saved('checkpoint.safetensors')).toMatchObject({ w: weightAfter(4), step: '4' });
  expect(await saved('previous-checkpoint.safetensors')).toMatchObject({ w: weightAfter(3), step: '3' });
  expect(files).toEqual(['average.safetensors', 'checkpoint.safetensors', 'previous-checkpoint.safetensors']);
});

test('between distant checkpoints, states of every 25th step, and of some before, are held, and the last good one is written', async () => {
  const rate = (step: number) => (step < 62 ? 0.01 : 1e30);
  const { error, saved } = await ran({ steps: 1000, saveEvery: 1000, rate });
  expect(error!.message).toMatch(/at step 63, on "63\.png"; \S+checkpoint\.safetensors holds step 50; lower/);
  expect(await saved('checkpoint.safetensors')).toMatchObject({ w: weightAfter(50), step: '50' });
  const soon = await ran({ steps: 1000, saveEvery: 1000, rate: (step) => (step < 15 ? 0.01 : 1e30) });
  expect(soon.error!.message).toMatch(/at step 16, on "16\.png"; \S+checkpoint\.safetensors holds step 8; lower/);
  expect(await soon.saved('checkpoint.safetensors')).toMatchObject({ w: weightAfter(8), step: '8' });
  const second = await ran({ steps: 1000, saveEvery: 1000, rate: (step) => (step < 2 ? 0.01 : 1e30) });
  expect(await second.saved('checkpoint.safetensors')).toMatchObject({ w: weightAfter(1), step: '1' });
  const early = await ran({ steps: 1000, rate: () => 1e30 });
  expect(early.error!.message).toMatch(/at step 2, on "2\.png"; no checkpoint was written before; lower the learning/);
  expect(early.files).toEqual([]);
});

test('weights are looked at when they are saved, and at the end', async () => {
  for (const ruined of [20, 40]) {
    const { error, saved } = await ran({ steps: 40, ruins: (step) => step === ruined });
    expect(error!.message).toContain(`"w" contains NaN, updated at step ${ruined}, on "${ruined}.png"`);
    // The last good one of the early states is that of step 16.
    expect(await saved('checkpoint.safetensors')).toMatchObject({ step: ruined === 20 ? '16' : '30' });
  }
});

test('--on-nan skip leaves out the batch of a bad loss, and that of weights which it finds ruined', async () => {
  const input = (step: number) => (step === 33 ? Number.NaN : usualInput(step));
  const ruins = (step: number) => step === 43;
  const { error, lines, saved } = await ran({ steps: 60, onNan: 'skip', input, ruins });
  expect(error).toBeUndefined();
  expect(lines).toEqual([
    'training diverged: loss term "total" is NaN at step 33, on "33.png"; its batch is left out, going on from step 30',
    'training diverged: loss term "total" is NaN at step 44, on "44.png"; its batch is left out, going on from step 40',
    'training diverged: "w" contains NaN, updated at step 43, on "43.png"; its batch is left out, going on from step 40',
  ]);
  expect(await saved('checkpoint.safetensors')).toMatchObject({ w: weightAfter(60, { without: [33, 43, 44] }) });
});

test('--on-nan skip leaves out the whole update that a bad batch belongs to', async () => {
  const input = (step: number) => (step === 34 ? Number.NaN : usualInput(step));
  const bad = await ran({ steps: 60, onNan: 'skip', group: 4, input });
  // Steps 33 to 36 make one update; inputs of 0 give a gradient of 0, which changes nothing either.
  const without = (step: number) => (step >= 33 && step <= 36 ? 0 : usualInput(step));
  const same = await ran({ steps: 60, group: 4, input: without });
  expect((await bad.saved('checkpoint.safetensors')).w).toBe((await same.saved('checkpoint.safetensors')).w);
});

test('--on-nan skip ends after ten attempts', async () => {
  const { error, lines, saved } = await ran({ steps: 60, onNan: 'skip', input: (step) => (step > 30 ? NaN : 1) });
  expect(lines).toHaveLength(10);
  expect(error!.message).toMatch(
    /at step 41, on "41\.png", after 10 attempts from step 25 on; \S+ holds step 25, \S+ step 20; .+ --on-nan halve$/,
  );
  // No loss was a number after step 30, so that nothing is known of its weights.
  expect(await saved('checkpoint.safetensors')).toMatchObject({ step: '25' });
});

test('--on-nan halve goes on with half the rate, which checkpoints remember: resumed or not, the bits are equal', async () => {
  // Every step multiplies the weight by 1 − 2·rate: −5 and −2, then −0.5.
  const course: Course = { steps: 200, onNan: 'halve', rate: () => 3, input: () => 1 };
  const straight = await ran(course);
  expect(straight.error).toBeUndefined();
  expect(straight.lines.map((line) => /going on .+$/.exec(line)?.[0])).toEqual([
    'going on from step 25 with 1/2 of the learning rate',
    'going on from step 30 with 1/4 of the learning rate',
  ]);
  expect(await straight.saved('checkpoint.safetensors')).toMatchObject({ rateShare: '0.25', step: '200' });
  for (const stop of [15, 105]) {
    const controller = new AbortController();
    const input = (step: number) => {
      if (step === stop) controller.abort();
      return 1;
    };
    const { folder, lines } = await ran({ ...course, input, signal: controller.signal });
    expect(lines.at(-1)).toBe(`stopped after step ${stop} of 200; go on with --resume`);
    await ran({ ...course, folder, resume: true });
    for (const file of ['checkpoint.safetensors', 'average.safetensors'])
      expect(await readFile(join(folder, file)), `${file}, ${stop}`).toEqual(
        await readFile(join(straight.folder, file)),
      );
  }
  const hopeless = await ran({ ...course, rate: () => 1e30 });
  expect(hopeless.error?.message).toMatch(/after 10 attempts from step 0 on; no checkpoint was written before; lower/);
});
