import { describe, expect, test } from 'vitest';
import { compileHere } from '../engines/onnxruntime/compile.js';
import { constant, input, type Tensor } from '../graph/tensor.js';
import { float32, type State } from '../graph/tensor-data.js';
import { fill } from '../nn/initial.js';
import { Parameter } from '../nn/module.js';
import { add } from '../ops/add.js';
import { mul } from '../ops/mul.js';
import { power } from '../ops/power.js';
import { sum } from '../ops/sum.js';
import { filling, golden } from '../test-support.js';
import { accumulated } from './accumulated.js';
import { adam } from './adam.js';
import type { Optimiser } from './optimiser.js';
import { learningRate, type Schedule } from './schedule.js';
import { sgd } from './sgd.js';
import { updateStep } from './update.js';

interface Golden {
  optimisers: Record<string, { a: number[]; b: number[]; norms: number[] }>;
  schedules: Record<string, number[]>;
}
const { optimisers, schedules } = golden<Golden>('optim.json');

const OPTIMISERS: Record<string, { optimiser: Optimiser; clipNorm?: number }> = {
  adam: { optimiser: adam() },
  'adam, betas': { optimiser: adam({ betas: [0.5, 0.9], epsilon: 1e-4 }) },
  'adam, weight decay': { optimiser: adam({ weightDecay: 0.1 }) },
  'adam, groups': {
    optimiser: adam({ groups: [{ matches: (name) => name === 'b', rateFactor: 0.1, weightDecay: 0.3 }] }),
  },
  sgd: { optimiser: sgd() },
  'sgd, momentum': { optimiser: sgd({ momentum: 0.9, weightDecay: 0.1 }) },
  'sgd, clipped': { optimiser: sgd({ momentum: 0.9 }), clipNorm: 2 },
};

const SCHEDULES: Record<string, Schedule> = {
  cosine: { kind: 'cosine' },
  'cosine, floor': { kind: 'cosine', floor: 0.01 },
  step: { kind: 'step', every: 3, factor: 0.5 },
  'multi-step': { kind: 'multi-step', milestones: [2, 7], factor: 0.1 },
  linear: { kind: 'linear' },
  'warm-up, cosine': { kind: 'warm-up', units: 3, start: 0.1, rest: { kind: 'cosine' } },
};

/** The parameters and the loss of goldens/make_optim.py. */
function problem() {
  const parameters = new Map<string, Parameter>(
    [['a', [2, 3]] as const, ['b', [4]] as const].map(([name, shape]) => {
      const parameter = new Parameter(shape, fill(0));
      Object.assign(parameter.tensor.source, { name });
      return [name, parameter];
    }),
  );
  const weighted = (x: Tensor, count: number) =>
    sum(
      mul(
        x,
        constant(
          Array.from({ length: count }, (_, i) => Math.cos(i)),
          x.shape,
        ),
      ),
    );
  const [a, b] = [parameters.get('a')!.tensor, parameters.get('b')!.tensor];
  const loss = add(weighted(power(a, 3), 6), weighted(power(b, 2), 4));
  const state: State = new Map([
    ['a', filling([2, 3], 0)],
    ['b', filling([4], 1)],
  ]);
  return { parameters, loss, state };
}

describe('optimisers give PyTorch’s parameters after four steps', () => {
  test.each(Object.entries(optimisers))('%s', async (name, expected) => {
    const { optimiser, clipNorm } = OPTIMISERS[name]!;
    const { parameters, loss, state } = problem();
    const step = updateStep({
      minimise: loss,
      parameters,
      outputs: { total: loss },
      optimiser,
      ...(clipNorm !== undefined && { clipNorm }),
    });
    const executable = await compileHere(step.graph, new Map([...state, ...step.optimiserState()]), { threads: 1 });
    const norms: number[] = [];
    for (let i = 1; i <= 4; i++) {
      const outputs = await executable.run(optimiser.inputs(i, 0.01));
      if (outputs.gradient_norm) norms.push(Number(outputs.gradient_norm.data[0]));
    }
    const after = await executable.state();
    await executable.dispose();
    for (const parameter of ['a', 'b'] as const)
      for (const [i, value] of expected[parameter].entries())
        expect(Number(after.get(parameter)!.data[i])).toBeCloseTo(value, 5);
    expect(norms.length).toBe(expected.norms.length);
    for (const [i, norm] of norms.entries()) expect(norm).toBeCloseTo(expected.norms[i]!, 4);
  });
});

test.each(Object.entries(schedules))('the schedule %s gives PyTorch’s rates', (name, rates) => {
  for (const [at, rate] of rates.entries()) expect(learningRate(SCHEDULES[name]!, 0.1, at, 10)).toBeCloseTo(rate, 9);
});

test('a cosine that is one unit ahead begins below the base rate and ends at the floor', () => {
  const rates = Array.from({ length: 4 }, (_, at) => learningRate({ kind: 'cosine', floor: 1, ahead: 1 }, 3, at, 4));
  for (const [i, rate] of [2 + Math.SQRT1_2, 2, 2 - Math.SQRT1_2, 1].entries()) expect(rates[i]).toBeCloseTo(rate, 12);
});

test('two losses and two optimisers by turns renew one state, each its own part', async () => {
  const { parameters, loss, state } = problem();
  const only = (name: string) => new Map([[name, parameters.get(name)!]]);
  const weights = updateStep({ minimise: loss, parameters: only('a'), outputs: { total: loss }, optimiser: sgd() });
  const architecture = updateStep({
    minimise: mul(loss, 2),
    parameters: only('b'),
    outputs: { total: loss },
    optimiser: adam({ name: 'architecture' }),
  });
  const all: State = new Map([...state, ...weights.optimiserState(), ...architecture.optimiserState()]);
  const executable = await compileHere({ weights: weights.graph, architecture: architecture.graph }, all, {
    threads: 1,
  });
  const first = await executable.run(weights.optimiser.inputs(1, 0.01), 'weights');
  const afterWeights = await executable.state();
  const second = await executable.run(architecture.optimiser.inputs(1, 0.01), 'architecture');
  const afterBoth = await executable.state();
  await executable.dispose();
  expect(afterWeights.get('a')!.data).not.toEqual(state.get('a')!.data);
  expect(afterWeights.get('b')!.data).toEqual(state.get('b')!.data);
  expect(afterBoth.get('a')!.data).toEqual(afterWeights.get('a')!.data);
  expect(afterBoth.get('b')!.data).not.toEqual(afterWeights.get('b')!.data);
  // The second graph sees the state that the first one updated.
  expect(Number(second.total!.data[0])).toBeLessThan(Number(first.total!.data[0]));
  expect([...afterBoth.keys()].sort()).toEqual(
    ['a', 'architecture.exp_avg.b', 'architecture.exp_avg_sq.b', 'b'].sort(),
  );
});

test('TensorFlow’s Adam adds epsilon to the root before it is corrected', async () => {
  const parameter = new Parameter([], fill(1));
  Object.assign(parameter.tensor.source, { name: 'p' });
  const [rate, beta1, beta2, epsilon] = [0.1, 0.5, 0.999, 0.01];
  const optimiser = adam({ betas: [beta1, beta2], epsilon, form: 'tensorflow' });
  const minimise = mul(parameter.tensor, 0.2);
  const step = updateStep({ minimise, outputs: {}, parameters: new Map([['p', parameter]]), optimiser });
  const first: State = new Map([['p', { dtype: 'float32', shape: [], data: Float32Array.of(1) }]]);
  const executable = await compileHere(step.graph, new Map([...first, ...step.optimiserState()]));
  let [p, m, v] = [1, 0, 0];
  for (let t = 1; t <= 3; t++) {
    await executable.run(step.optimiser.inputs(t, rate));
    [m, v] = [beta1 * m + (1 - beta1) * 0.2, beta2 * v + (1 - beta2) * 0.2 ** 2];
    const size = (rate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
    p -= (size * m) / (Math.sqrt(v) + epsilon);
    expect(Number((await executable.state()).get('p')!.data[0])).toBeCloseTo(p, 5);
  }
  await executable.dispose();
});

test('accumulated gradients of four steps make two updates by their means', async () => {
  const run = async (optimiser: Optimiser, factors: readonly number[]) => {
    const { parameters, loss, state } = problem();
    const step = updateStep({ minimise: mul(loss, input('factor', [])), parameters, outputs: {}, optimiser });
    const executable = await compileHere(step.graph, new Map([...state, ...step.optimiserState()]), { threads: 1 });
    const after: (Float32Array | undefined)[] = [];
    for (const [i, factor] of factors.entries()) {
      await executable.run({ factor: float32(Float32Array.of(factor), []), ...optimiser.inputs(i + 1, 0.01) });
      after.push((await executable.state()).get('a')!.data as Float32Array);
    }
    await executable.dispose();
    return after;
  };
  const [first, second, third, fourth] = await run(accumulated(adam(), 2), [1, 3, -4, 2]);
  const [afterOne, afterTwo] = await run(adam(), [2, -1]);
  expect(first).toEqual(problem().state.get('a')!.data);
  expect(third).toEqual(second);
  for (const [got, wanted] of [[second, afterOne] as const, [fourth, afterTwo] as const])
    for (const [i, value] of wanted!.entries()) expect(got![i]).toBeCloseTo(value, 6);
  expect(fourth).not.toEqual(second);
});
