import { describe, expect, test } from 'vitest';
import { constant, type Tensor } from '../graph/tensor.js';
import { filling, golden, valueAndGradients } from '../test-support.js';
import * as ops from './index.js';

interface Case {
  name: string;
  inputs: number[][];
  shape: number[];
  output: number[];
  gradients: (number[] | null)[];
}

const side = (top: number, left: number, bottom: number, right: number) => ({ top, left, bottom, right });
const conv =
  (attributes: Parameters<typeof ops.conv2d>[3] = {}) =>
  (x: Tensor, weight: Tensor, bias?: Tensor) =>
    ops.conv2d(x, weight, bias, attributes);

/** The same operations as goldens/make_ops.py, in our words. */
const OPERATIONS: Record<string, (...inputs: Tensor[]) => Tensor> = {
  conv2d: conv() as (...inputs: Tensor[]) => Tensor,
  'conv2d padding 1': conv({ padding: ops.square(1) }) as never,
  'conv2d dilation 2': conv({ dilation: 2, padding: ops.square(1) }) as never,
  'conv2d stride 2': conv({ stride: 2, padding: ops.square(1) }) as never,
  'conv2d stride 3': conv({ stride: 3 }) as never,
  'conv2d groups 2': conv({ groups: 2, padding: ops.square(1) }) as never,
  'conv2d depthwise': conv({ groups: 3, padding: ops.square(1) }) as never,
  'conv2d padding 3 over kernel 3': conv({ padding: ops.square(3) }) as never,
  'reflectPad2d 2': (x) => ops.reflectPad2d(x!, ops.square(2)),
  'reflectPad2d overlapping': (x) => ops.reflectPad2d(x!, side(3, 2, 3, 2)),
  'reflectPad2d one-sided': (x) => ops.reflectPad2d(x!, side(2, 1, 0, 0)),
  batchNorm2dTrain: (x, w, b) => ops.batchNorm2dTrain(x!, w!, b!, 1e-5).y,
  batchNorm2dEval: (x, w, b) =>
    ops.batchNorm2dEval(x!, w!, b!, constant([0.1, -0.2, 0.3]), constant([1.1, 0.7, 2]), 1e-5),
  matmul: (a, b) => ops.matmul(a!, b!),
  transpose: (x) => ops.transpose(x!, [2, 0, 1]),
  reshape: (x) => ops.reshape(x!, [0, -1]),
  'mean over height and width': (x) => ops.mean(x!, [2, 3]),
  'sum over channels': (x) => ops.sum(x!, [1]),
  'add broadcast': (a, b) => ops.add(a!, b!),
  'sub broadcast': (a, b) => ops.sub(a!, b!),
  'mul broadcast': (a, b) => ops.mul(a!, b!),
  'div broadcast': (a, b) => ops.div(a!, b!),
  abs: (x) => ops.abs(x!),
  neg: (x) => ops.neg(x!),
  relu: (x) => ops.relu(x!),
  sigmoid: (x) => ops.sigmoid(x!),
  tanh: (x) => ops.tanh(x!),
  'sqrt of square': (x) => ops.sqrt(ops.mul(x!, x!)),
  clamp: (x) => ops.clamp(x!, -0.5, 1),
};

describe('operations give PyTorch’s values and gradients', () => {
  const cases = golden<Case[]>('ops.json');
  test('every golden operation has a counterpart', () => {
    expect(cases.map(({ name }) => name)).toEqual(Object.keys(OPERATIONS));
  });
  test.each(cases)('$name', async ({ name, inputs, shape, output, gradients }) => {
    const ours = await valueAndGradients(OPERATIONS[name]!, inputs.map(filling));
    expect(ours.output.shape).toEqual(shape);
    expectClose(ours.output.data, output);
    for (const [i, expected] of gradients.entries()) {
      expect(ours.gradients[i]?.shape).toEqual(expected === null ? undefined : inputs[i]);
      if (expected !== null) expectClose(ours.gradients[i]!.data, expected);
    }
  });
});

function expectClose(ours: ArrayLike<number | bigint>, expected: readonly number[]): void {
  expect(ours.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    const allowed = 2e-5 * Math.max(1, Math.abs(value));
    expect(Math.abs(Number(ours[i]) - value), `element ${i}: ${ours[i]} for ${value}`).toBeLessThan(allowed);
  }
}
