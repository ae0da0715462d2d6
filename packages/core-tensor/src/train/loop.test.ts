import { expect, test } from 'vitest';
import { compileHere } from '../engines/onnxruntime/compile.js';
import { float32 } from '../graph/tensor-data.js';
import type { Loss } from '../losses/loss.js';
import { mse } from '../losses/mse.js';
import { BatchNorm2d } from '../nn/batch-norm2d.js';
import { Conv2d } from '../nn/conv2d.js';
import { initialState } from '../nn/network.js';
import { mul } from '../ops/mul.js';
import { Random } from '../support/random.js';
import { runTraining, type StepReport, type TrainingBatch } from './loop.js';
import { trainingStep } from './step.js';

const shape = { channels: 1, height: 6, width: 5 };
const squares: Loss = (output, target) => ({ total: mse(output, target) });

/** Batches whose target is half the input; every third one is smaller, like the last batch of an epoch. */
async function* batches(fromStep: number): AsyncGenerator<TrainingBatch> {
  for (let step = fromStep; ; step++) {
    const size = step % 3 === 2 ? 1 : 2;
    const random = Random.named('batch', step);
    const input = Float32Array.from({ length: size * 30 }, () => random.uniform());
    yield { step, epoch: Math.floor(step / 3), size, input, truth: input.map((value) => value / 2) };
  }
}

async function open(loss: Loss = squares) {
  const step = trainingStep(new Conv2d(1, 1, 3, { padding: 1 }), loss, shape);
  const state = new Map([...initialState(step.parameters, 1), ...step.optimiserState()]);
  const executable = await compileHere(step.graph, state, { threads: 1 });
  const { optimiser } = step;
  return { executable, shape, optimiser, batches, learningRate: () => 0.05, from: 0, steps: 60 };
}

test('training lowers the loss, through batches of different sizes', async () => {
  const run = await open();
  const reports: StepReport[] = [];
  expect(await runTraining({ ...run, onStep: (report) => void reports.push(report) })).toBe(60);
  expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  expect(reports.at(-1)!.loss.total).toBeLessThan(0.1 * reports[0]!.loss.total!);
  expect(reports.at(-1)!.psnr).toBeGreaterThan(20);
  await run.executable.dispose();
});

test('an abort ends the run after the step that is running', async () => {
  const run = await open();
  const controller = new AbortController();
  const onStep = ({ step }: StepReport) => void (step === 4 && controller.abort());
  expect(await runTraining({ ...run, signal: controller.signal, onStep })).toBe(4);
  await run.executable.dispose();
});

test('a loss that is no number any more ends the run and says at which step', async () => {
  const run = await open((output, target) => ({ total: mul(mse(output, target), Infinity) }));
  await expect(runTraining(run)).rejects.toThrow(
    'training diverged: loss term "total" is Infinity at step 1; lower the learning rate',
  );
  await run.executable.dispose();
});

test.each([true, false])(
  'running statistics normalise and stay where they are frozen (%s), else they follow',
  async (frozenStatistics) => {
    const step = trainingStep(new BatchNorm2d(1), squares, shape, { frozenStatistics });
    const first = initialState(step.parameters, 1).set('running_mean', float32(Float32Array.of(0.25), [1]));
    const executable = await compileHere(step.graph, new Map([...first, ...step.optimiserState()]), { threads: 1 });
    const reports: StepReport[] = [];
    const run = { executable, shape, optimiser: step.optimiser, batches, learningRate: () => 0.05, from: 0, steps: 1 };
    await runTraining({ ...run, onStep: (report) => void reports.push(report) });
    const after = await executable.state();
    const { value } = await batches(0).next();
    const { input, truth } = value as TrainingBatch;
    const [mean, variance] = frozenStatistics ? [0.25, 1] : statisticsOf(input);
    const loss = input.reduce((sum, x, i) => sum + ((x - mean) / Math.sqrt(variance + 1e-5) - truth[i]!) ** 2, 0);
    expect(reports[0]!.loss.total).toBeCloseTo(loss / input.length, 5);
    const renewed = [...after.keys()].filter((name) => name.startsWith('running'));
    expect(renewed).toEqual(frozenStatistics ? [] : ['running_mean', 'running_var']);
    expect(after.get('weight')!.data[0]).not.toBe(1);
    await executable.dispose();
  },
);

function statisticsOf(values: Float32Array): [mean: number, variance: number] {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return [mean, values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length];
}
