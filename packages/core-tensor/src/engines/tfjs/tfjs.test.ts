import { beforeAll, describe, expect, test } from 'vitest';
import { buildGraph } from '../../graph/graph.js';
import { input, state as stateTensor } from '../../graph/tensor.js';
import type { State, TensorData } from '../../graph/tensor-data.js';
import { l1 } from '../../losses/l1.js';
import type { Loss } from '../../losses/loss.js';
import { ssim } from '../../losses/ssim.js';
import { fill } from '../../nn/initial.js';
import { Parameter } from '../../nn/module.js';
import { initialState } from '../../nn/network.js';
import { add } from '../../ops/add.js';
import { mul } from '../../ops/mul.js';
import { sub } from '../../ops/sub.js';
import { adam } from '../../optim/adam.js';
import { sgd } from '../../optim/sgd.js';
import { updateStep } from '../../optim/update.js';
import { expectNear } from '../../test-support.expect.js';
import { filling, golden, lossAndGradients, lossTensors } from '../../test-support.js';
import { EveryOperation, testPicture } from '../../test-support.network.js';
import { OPERATIONS, type OperationCase } from '../../test-support.operations.js';
import { trainingStep } from '../../train/step.js';
import { compileHere } from '../onnxruntime/compile.js';
import type { Tf } from './api.js';
import { openTfjsInference } from './inference.js';
import { loadTf } from './load.js';
import { openTfjsTraining } from './training.js';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadTf());
});

test('without any TensorFlow.js the error says how to get one', async () => {
  await expect(loadTf(['@tensorflow/not-there'])).rejects.toThrow(
    /no TensorFlow\.js can be loaded \(@tensorflow\/not-there: .+\); install one with "npm install/,
  );
});

test('the package that was loaded is named', async () => {
  expect((await loadTf()).description).toMatch(/^@tensorflow\/tfjs 4\.\d+\.\d+, backend \w+$/);
});

describe('both engines give every operation’s values and gradients', () => {
  test.each(golden<OperationCase[]>('ops.json'))('$name', async ({ name, inputs }) => {
    const operation = OPERATIONS[name]!;
    const graph = lossAndGradients(operation, inputs);
    const feeds = Object.fromEntries(inputs.map((shape, i) => [`x${i}`, filling(shape, i)]));
    const ort = await compileHere(graph, new Map(), { threads: 1 });
    const ours = await ort.run(feeds);
    await ort.dispose();
    // Here the inputs are parameters, whose gradients TensorFlow.js computes itself.
    const parameters = new Map(inputs.map((shape, i) => [`x${i}`, new Parameter(shape, fill(0))]));
    for (const [key, { tensor }] of parameters) Object.assign(tensor.source, { name: key });
    const tensors = [...parameters.values()].map(({ tensor }) => tensor);
    const again = lossTensors(operation, tensors);
    const step = updateStep({ ...again, parameters, optimiser: sgd(), inspect: true });
    const other = openTfjsTraining(tf, step, new Map(Object.entries(feeds)));
    const theirs = await other.run(step.optimiser.inputs(1, 0));
    await other.dispose();
    expectNear(theirs.output!, ours.output!, 1e-5);
    for (const [i] of inputs.entries()) if (ours[`g${i}`]) expectNear(theirs[`gradient.x${i}`]!, ours[`g${i}`]!, 1e-4);
  });
});

const loss: Loss = (output, target) => {
  const terms = { l1: l1(output, target), ssim: ssim(output, target) };
  return { ...terms, total: sub(terms.l1, terms.ssim) };
};

/** A training step of the network with every operation, and a batch for it. */
function training(options: Parameters<typeof trainingStep>[3]) {
  const network = new EveryOperation();
  const step = trainingStep(network, loss, { channels: 3, height: 12, width: 10 }, options);
  const state: State = new Map([...initialState(step.parameters, 1), ...step.optimiserState()]);
  const picture = (shift: number): TensorData => ({
    dtype: 'float32',
    shape: [2, 3, 12, 10],
    data: testPicture(2, 12, 10).map((value) => value * 0.8 + shift),
  });
  return { step, state, batch: { input: picture(0), target: picture(0.1) } };
}

describe('a small network', () => {
  test.each<[string, Parameters<typeof trainingStep>[3]]>([
    [
      'Adam with decay and two rates',
      { optimiser: adam({ weightDecay: 0.01, groups: [{ matches: (n) => n.startsWith('up'), rateFactor: 0.5 }] }) },
    ],
    ['SGD with momentum, clipped', { optimiser: sgd({ momentum: 0.9 }), clipNorm: 0.5 }],
  ])('learns the same by both engines: %s', async (_name, options) => {
    const { step, state, batch } = training({ ...options, inspect: true });
    const ort = await compileHere(step.graph, state, { threads: 1 });
    const other = openTfjsTraining(tf, step, state);
    for (let i = 1; i <= 3; i++) {
      const inputs = { ...batch, ...step.optimiser.inputs(i, 1e-3) };
      const [ours, theirs] = [await ort.run(inputs), await other.run(inputs)];
      expect(Object.keys(theirs).sort()).toEqual(Object.keys(ours).sort());
      if (i === 1) for (const name of Object.keys(ours)) expectNear(theirs[name]!, ours[name]!, 1e-4);
      expectNear(theirs.total!, ours.total!, 1e-4);
    }
    const [ours, theirs] = [await ort.state(), await other.state()];
    expect([...theirs.keys()].sort()).toEqual([...ours.keys()].sort());
    for (const [name, value] of ours) if (!name.includes('exp_avg_sq')) expectNear(theirs.get(name)!, value, 2e-3);
    await ort.dispose();
    await other.dispose();
  });

  test('a run goes on where it stopped', { tags: 'whole' }, async () => {
    const { step, state, batch } = training({ optimiser: adam() });
    const at = (i: number) => ({ ...batch, ...step.optimiser.inputs(i, 1e-3) });
    const unbroken = openTfjsTraining(tf, step, state);
    for (const i of [1, 2]) await unbroken.run(at(i));
    const first = openTfjsTraining(tf, step, state);
    await first.run(at(1));
    const second = openTfjsTraining(tf, step, new Map([...state, ...(await first.state())]));
    await second.run(at(2));
    expect([...(await second.state())]).toEqual([...(await unbroken.state())]);
    for (const executable of [unbroken, first, second]) await executable.dispose();
  });

  test('no tensors are left over after fifty steps, nor after the end', async () => {
    const before = tf.memory().numTensors;
    const { parameters, minimise } = tiny();
    const step = updateStep({ parameters, minimise, outputs: { total: minimise }, optimiser: adam() });
    const x: State = new Map([['x', filling([3], 0)]]);
    const executable = openTfjsTraining(tf, step, new Map([...x, ...step.optimiserState()]));
    await executable.run(step.optimiser.inputs(1, 1e-3));
    const after = tf.memory().numTensors;
    for (let i = 2; i <= 51; i++) await executable.run(step.optimiser.inputs(i, 1e-3));
    expect(tf.memory().numTensors).toBe(after);
    await executable.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('inference by TensorFlow.js frees what it made, and misses what it is not fed', async () => {
  const before = tf.memory().numTensors;
  const x = input('x', [2]);
  const graph = buildGraph({ y: add(x, mul(stateTensor('w', [2]), x)) });
  const executable = openTfjsInference(tf, graph, new Map([['w', filling([2], 1)]]));
  const { y } = await executable.run({ x: filling([2], 0) });
  expect(Number(y!.data[0])).toBeCloseTo(Number(filling([2], 0).data[0]) * (1 + Number(filling([2], 1).data[0])), 5);
  await expect(executable.run({})).rejects.toThrow('input "x" is missing; feed a tensor of that name');
  await executable.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

function tiny() {
  const parameter = new Parameter([3], fill(0));
  Object.assign(parameter.tensor.source, { name: 'x' });
  return {
    parameters: new Map([['x', parameter]]),
    minimise: l1(mul(parameter.tensor, parameter.tensor), parameter.tensor),
  };
}
