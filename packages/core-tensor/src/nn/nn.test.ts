import { expect, test } from 'vitest';
import { compileHere } from '../engines/onnxruntime/compile.js';
import { buildGraph } from '../graph/graph.js';
import type { Tensor } from '../graph/tensor.js';
import { input } from '../graph/tensor.js';
import { trace } from '../graph/trace.js';
import { relu } from '../ops/relu.js';
import { filling } from '../test-support.js';
import { BatchNorm2d } from './batch-norm2d.js';
import { Conv2d } from './conv2d.js';
import { Lambda } from './lambda.js';
import { Linear } from './linear.js';
import { Module, Sequential } from './module.js';
import { initialState } from './network.js';

class Block extends Module {
  readonly conv = new Conv2d(2, 4, 3, { bias: false });
  readonly norm = new BatchNorm2d(4);
  readonly parts = [new Linear(4, 2), new Linear(2, 4)];
  readonly fc = new Sequential(new Linear(4, 2), new Lambda(relu), new Linear(2, 4));
  protected forward(x: Tensor): Tensor {
    return this.norm.apply(this.conv.apply(x));
  }
}

test('names and order are PyTorch’s state_dict', () => {
  expect([...new Block().parameters().keys()]).toEqual([
    'conv.weight',
    'norm.weight',
    'norm.bias',
    'norm.running_mean',
    'norm.running_var',
    'norm.num_batches_tracked',
    'parts.0.weight',
    'parts.0.bias',
    'parts.1.weight',
    'parts.1.bias',
    'fc.0.weight',
    'fc.0.bias',
    'fc.2.weight',
    'fc.2.bias',
  ]);
});

test('initial values follow PyTorch: uniform in ±1/√fan_in, norms 1 and 0; the seed decides them', () => {
  const parameters = new Conv2d(8, 64, 5).parameters();
  const [weight, bias] = ['weight', 'bias'].map((name) => initialState(parameters, 1).get(name)!.data as Float32Array);
  const bound = 1 / Math.sqrt(8 * 25);
  const largest = Math.max(...weight!.map(Math.abs));
  expect(largest).toBeLessThanOrEqual(bound);
  expect(largest).toBeGreaterThan(0.99 * bound);
  const variance = weight!.reduce((sum, value) => sum + value * value, 0) / weight!.length;
  expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1);
  expect(Math.max(...bias!.map(Math.abs))).toBeLessThanOrEqual(bound);
  expect(initialState(parameters, 1)).toEqual(initialState(parameters, 1));
  expect(initialState(parameters, 2)).not.toEqual(initialState(parameters, 1));
  const norm = initialState(new BatchNorm2d(2).parameters(), 1);
  expect([...norm.values()].map(({ data }) => Array.from(data, Number))).toEqual([[1, 1], [0, 0], [0, 0], [1, 1], [0]]);
});

test('a training pass renews running statistics with momentum 0.1 and the unbiased variance', async () => {
  const norm = new BatchNorm2d(2);
  const parameters = norm.parameters();
  const { result, updates } = trace('train', () => norm.apply(input('x', ['batch', 2, 2, 3])));
  const executable = await compileHere(buildGraph({ y: result }, updates), initialState(parameters, 1));
  const x = filling([3, 2, 2, 3], 0);
  await executable.run({ x });
  const after = await executable.state();
  for (const channel of [0, 1]) {
    const values = Array.from(x.data as Float32Array).filter((_, i) => Math.floor(i / 6) % 2 === channel);
    const mean = values.reduce((a, b) => a + b) / 18;
    const unbiased = values.reduce((a, b) => a + (b - mean) ** 2, 0) / 17;
    expect(Number(after.get('running_mean')!.data[channel])).toBeCloseTo(0.1 * mean, 6);
    expect(Number(after.get('running_var')!.data[channel])).toBeCloseTo(0.9 + 0.1 * unbiased, 6);
  }
  expect(after.get('num_batches_tracked')!.data[0]).toBe(1n);
  await executable.dispose();
});

test('a layer that knows training from evaluation cannot run outside of a trace', () => {
  expect(() => new BatchNorm2d(2).apply(input('x', [1, 2, 2, 2]))).toThrow('ran outside of trace()');
});
