import { expect, test } from 'vitest';
import { gradients } from '../autodiff/gradients.js';
import { ShapeError } from '../graph/node.js';
import { constant, input, type Tensor } from '../graph/tensor.js';
import { trace } from '../graph/trace.js';
import { Conv2d } from '../nn/conv2d.js';
import { Module } from '../nn/module.js';
import * as ops from './index.js';

const x = (...shape: number[]) => input('x', shape);

class Outer extends Module {
  readonly first = new Conv2d(3, 8, 3);
  readonly second = new Conv2d(16, 8, 3);
  protected forward(picture: Tensor): Tensor {
    return this.second.apply(this.first.apply(picture));
  }
}

test('an error names the operation, the layer and the shapes', () => {
  const network = new Outer();
  network.parameters();
  expect(() => trace('eval', () => network.apply(x(1, 3, 8, 8)))).toThrow(
    'conv2d in second: the input has 8 channels, the weight is for 16 (inputs [1,8,6,6], [8,16,3,3], [8])',
  );
});

test.each<[string, () => unknown]>([
  ['add: shapes do not broadcast, axis 0 differs', () => ops.add(x(2, 3), x(3, 3))],
  ['add: types differ, float32 and int64', () => ops.add(x(2), constant([1, 2], [2], 'int64'))],
  ['sum: axis 4 does not exist in a tensor of 2 axes', () => ops.sum(x(2, 3), [4])],
  ['reshape: 6 elements do not fill [4,-1]', () => ops.reshape(x(2, 3), [4, -1])],
  ['transpose: [0,0] is not an order of 2 axes', () => ops.transpose(x(2, 3), [0, 0])],
  ['matmul: inner sizes 3 and 4 differ', () => ops.matmul(x(2, 3), x(4, 2))],
  ['matmul: a matrix needs at least 2 axes (inputs [2], [4,2])', () => ops.matmul(x(2), x(4, 2))],
  [
    'reflectPad2d: a reflection of 4 pixels needs a size above that, got 4',
    () => ops.reflectPad2d(x(1, 1, 4, 9), ops.square(4)),
  ],
  ['conv2d: the bias must have 2 elements', () => ops.conv2d(x(1, 1, 4, 4), x(2, 1, 3, 3), x(3))],
  [
    'conv2d: 3 output channels do not divide into 2 groups',
    () => ops.conv2d(x(1, 2, 4, 4), x(3, 1, 1, 1), undefined, { groups: 2 }),
  ],
  [
    'conv2d: a kernel of 5×5 with dilation 2 is larger than the padded picture',
    () => ops.conv2d(x(1, 1, 8, 8), x(1, 1, 5, 5), undefined, { dilation: 2 }),
  ],
  [
    'batchNorm2dTrain: the input has 3 channels, the layer 4',
    () => ops.batchNorm2dTrain(x(1, 3, 2, 2), x(4), x(4), 1e-5),
  ],
  ['a loss has one element, got [2]', () => gradients(x(2), [])],
])('%s', (message, run) => {
  expect(run).toThrow(ShapeError);
  expect(run).toThrow(message);
});
