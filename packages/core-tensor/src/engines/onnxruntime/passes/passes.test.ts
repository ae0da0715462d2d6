import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gradients } from '../../../autodiff/gradients.js';
import { buildGraph } from '../../../graph/graph.js';
import { input } from '../../../graph/tensor.js';
import type { State } from '../../../graph/tensor-data.js';
import { l1 } from '../../../losses/l1.js';
import { initialState } from '../../../nn/network.js';
import { conv2d } from '../../../ops/conv2d.js';
import { mul } from '../../../ops/mul.js';
import { sum } from '../../../ops/sum.js';
import { expectNear } from '../../../test-support.expect.js';
import { filling } from '../../../test-support.js';
import { EveryOperation, testPicture } from '../../../test-support.network.js';
import { trainingStep } from '../../../train/step.js';
import { compileHere } from '../compile.js';
import { emitOnnx } from '../emit.js';
import type { OnnxOptions } from '../session.js';
import { PASSES } from './index.js';

test.each(PASSES.map(({ name }) => name))('a network with every operation gives the same without %s', async (name) => {
  const step = trainingStep(
    new EveryOperation(),
    (output, target) => ({ total: l1(output, target) }),
    { channels: 3, height: 12, width: 10 },
    { inspect: true },
  );
  const state: State = new Map([...initialState(step.parameters, 1), ...step.optimiserState()]);
  const picture = (scale: number) => ({
    dtype: 'float32' as const,
    shape: [2, 3, 12, 10],
    data: testPicture(2, 12, 10).map((v) => v * scale),
  });
  const results = async (options: OnnxOptions) => {
    const executable = await compileHere(step.graph, state, options);
    const outputs = await executable.run({
      input: picture(1),
      target: picture(0.7),
      ...step.optimiser.inputs(1, 1e-3),
    });
    await executable.dispose();
    return outputs;
  };
  const [plain, fast] = [await results({ withoutPasses: [name] }), await results({})];
  for (const [output, value] of Object.entries(plain)) expectNear(fast[output]!, value, 1e-5);
});

test('the gradient of a weight by products, of any kernel, dilation and padding', async () => {
  const shapes = fc.record({
    ...{
      depthwise: fc.boolean(),
      n: fc.integer({ min: 1, max: 3 }),
      channels: fc.constantFrom(1, 3, 64),
      out: fc.constantFrom(2, 64),
    },
    ...{
      kh: fc.integer({ min: 1, max: 5 }),
      kw: fc.integer({ min: 1, max: 5 }),
      dilation: fc.integer({ min: 1, max: 2 }),
    },
    ...{
      top: fc.integer({ min: 0, max: 3 }),
      left: fc.integer({ min: 0, max: 3 }),
      bottom: fc.integer({ min: 0, max: 3 }),
      right: fc.integer({ min: 0, max: 3 }),
    },
  });
  await fc.assert(
    fc.asyncProperty(shapes, async ({ depthwise, n, channels, out, kh, kw, dilation, ...padding }) => {
      const shape = depthwise ? [channels, 1, kh, kw] : [out, channels, kh, kw];
      const [x, weight] = [input('x', [n, channels, 10, 9]), input('weight', shape)];
      const y = conv2d(x, weight, undefined, { dilation, padding, groups: depthwise ? channels : 1 });
      const [gradient] = gradients(sum(mul(y, y)), [weight]);
      const graph = buildGraph({ gradient: gradient! });
      const feeds = { x: filling([n, channels, 10, 9], 0), weight: filling(shape, 1) };
      const results = [];
      for (const withoutPasses of [[], 'all'] as const) {
        const executable = await compileHere(graph, new Map(), { withoutPasses });
        results.push((await executable.run(feeds)).gradient!);
        await executable.dispose();
      }
      expectNear(results[0]!, results[1]!, 1e-5);
    }),
    { numRuns: 25, seed: 5 },
  );
});

test('a pass that is on changes what is run, one that is off does not', () => {
  const step = trainingStep(new EveryOperation(), (output, target) => ({ total: l1(output, target) }), {
    channels: 3,
    height: 12,
    width: 10,
  });
  const state: State = new Map([...initialState(step.parameters, 1), ...step.optimiserState()]);
  const live = new Set(step.graph.updates.keys());
  const bytes = (withoutPasses: OnnxOptions['withoutPasses']) =>
    emitOnnx(step.graph, state, { live, ...(withoutPasses && { withoutPasses }) }).bytes;
  const plain = bytes('all');
  expect(bytes(PASSES.map(({ name }) => name))).toEqual(plain);
  for (const { name } of PASSES)
    expect(bytes(PASSES.map((pass) => pass.name).filter((other) => other !== name))).not.toEqual(plain);
});
