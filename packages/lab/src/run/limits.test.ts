import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Executable, float32, readMetadata, type State, sgd, type TrainingBatch } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import type { Reporter } from '../reporter.js';
import { temporaryFolder } from '../test-support.js';
import { type Run, runStages } from './run.js';
import type { Stage } from './stage.js';
import type { Validation } from './validation.js';

const parameters = new Map([['w', { shape: [1], dtype: 'float32', trained: true } as never]]);
const one = (value: number) => float32(Float32Array.of(value), [1]);
const nothing = () => undefined;

/** Stage whose weight counts its steps. */
function counting(to: number): Stage {
  return {
    to,
    learningRate: () => 1,
    async open(state) {
      let w = Number(state.get('w')!.data[0]);
      const executable: Executable = {
        async run() {
          w += 1;
          return { total: one(w), mse: one(w) };
        },
        state: async () => new Map([['w', one(w)]]),
        dispose: async () => undefined,
      };
      return {
        ...{ executable, optimiser: sgd(), shape: { channels: 1, height: 1, width: 1 } },
        async *batches(from): AsyncGenerator<TrainingBatch> {
          const value = Float32Array.of(1);
          for (let step = from; ; step++) yield { step, epoch: 0, size: 1, input: value, truth: value };
        },
        close: async () => undefined,
      };
    },
  };
}

async function ran(options: Partial<Run>) {
  const folder = await temporaryFolder();
  const lines: string[] = [];
  const reporter: Reporter = {
    ...{ say: (line) => void lines.push(line), step: nothing, picture: nothing, download: nothing, wrote: nothing },
    ...{ result: nothing, pause: nothing },
  };
  const state: State = new Map([['w', one(0)]]);
  const outcome = await runStages(
    {
      ...{ folder, file: 'c.safetensors', network: 'W', parameters, seed: 1, settings: {}, reporter, saveEvery: 10 },
      ...{ stages: [counting(55)], signal: new AbortController().signal, ...options },
    },
    { done: 0, state },
  );
  const files = await readdir(folder);
  const steps = await Promise.all(files.map(async (name) => [name, (await readMetadata(join(folder, name))).step]));
  return { outcome, lines, steps: Object.fromEntries(steps) as Record<string, string> };
}

test.each([
  [1, { 'c.safetensors': '55' }],
  [2, { 'c.safetensors': '55', 'previous-c.safetensors': '50' }],
  [
    4,
    {
      ...{ 'c.safetensors': '55', 'previous-c.safetensors': '50' },
      ...{ 'previous-2-c.safetensors': '40', 'previous-3-c.safetensors': '30' },
    },
  ],
])('the last %i checkpoints are kept', async (keepLast, expected) => {
  expect((await ran({ keepLast })).steps).toEqual(expected);
});

test('a run whose time is over stops after its step, with a checkpoint and how to go on', async () => {
  const { outcome, lines, steps } = await ran({ deadline: Date.now() });
  expect(outcome).toMatchObject({ finished: false, done: 1 });
  expect(lines).toEqual(['stopped after step 1 of 55, since the time of --max-time is over; go on with --resume']);
  expect(steps).toEqual({ 'c.safetensors': '1' });
});

test('a run without gain stops, and its weights are completed while its checkpoint stays as it is', async () => {
  const validation = { every: 5, metric: 'ssim', withoutGain: 0, score: async () => undefined, goBack: nothing };
  let scored = 0;
  validation.score = async () => {
    validation.withoutGain = scored++;
    return undefined;
  };
  const { outcome, lines, steps } = await ran({
    validation: validation as unknown as Validation,
    stopAfterNoGain: 3,
    complete: async (weights) => new Map([...weights, ['w', one(-1)]]),
  });
  // Scored after steps 5, 10, 15 and 20; each score follows the next step.
  expect(outcome).toMatchObject({ finished: true, done: 21 });
  expect(outcome.weights.get('w')!.data[0]).toBe(-1);
  expect(lines).toEqual([
    'stopped after step 21 of 55, since the last 3 validations gained nothing in SSIM; go on with --resume',
  ]);
  expect(steps['c.safetensors']).toBe('21');
});
