import { expect, test } from 'vitest';
import { gradients } from '../autodiff/gradients.js';
import { ShapeError } from '../graph/node.js';
import { constant, input, type Tensor } from '../graph/tensor.js';
import { trace } from '../graph/trace.js';
import { Conv2d } from '../nn/conv2d.js';
import { Module } from '../nn/module.js';
import * as ops from './index.js';

const x = (...shape: number[]) => input('x', shape);

const places = (values: number[], shape = [values.length]) => constant(values, shape, 'int64');

/** A deformable convolution with one input that does not fit. */
function deform(wrong: { weight?: Tensor; offset?: Tensor; mask?: Tensor; bias?: Tensor }): Tensor {
  const { weight = x(4, 2, 3, 3), offset = x(1, 18, 4, 5), mask = x(1, 9, 4, 5), bias } = wrong;
  return ops.deformConv2d(x(1, 2, 4, 5), weight, offset, mask, bias, { padding: ops.square(1) });
}

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
  ['addmm: inner sizes 3 and 4 differ', () => ops.addmm(x(5), x(2, 3), x(4, 5))],
  ['addmm: the summand does not broadcast to the product', () => ops.addmm(x(4), x(2, 3), x(3, 5))],
  ['addmm: the summand does not broadcast to the product', () => ops.addmm(x(1, 2, 5), x(2, 3), x(3, 5))],
  ['layerNorm: weight and bias must have 4 elements', () => ops.layerNorm(x(2, 4), x(3), x(4), 1e-6)],
  ['reshapeLike: [2,3] does not fill [2,4]', () => ops.reshapeLike(x(2, 3), x(2, 4))],
  ['reshapeLike: an axis of 6 does not split into -1 × 4', () => ops.reshapeLike(x(6), x(6), { 0: [-1, 4] })],
  [
    'resize: alignCorners and antialias exclude each other',
    () => ops.resizeBilinear(x(1, 1, 4, 4), { factor: 0.5 }, { alignCorners: true, antialias: true }),
  ],
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
  ['a loss must have exactly one element, got [2]', () => gradients(x(2), [])],
  [
    'matmul: batches do not broadcast, axis 0 differs (inputs [2,3,4], [3,4,2])',
    () => ops.matmul(x(2, 3, 4), x(3, 4, 2)),
  ],
  ['where: the values must be float32, got int64', () => ops.where(x(2), places([1, 2]), places([3, 4]))],
  ['prelu: the slope must have 1 or 3 elements (inputs [1,3,2,2], [2])', () => ops.prelu(x(1, 3, 2, 2), x(2))],
  ['softmax: axis 3 does not exist in a tensor of 2 axes', () => ops.softmax(x(2, 3), 3)],
  ['gather: the index must be int64, got float32', () => ops.gather(x(2, 3), 1, x(2, 3))],
  ['gather: axis 0 of the index is 1, of the values 2', () => ops.gather(x(2, 3), 1, places([1, 2, 0], [1, 3]))],
  [
    'scatterAdd: source and index must have the same shape',
    () => ops.scatterAdd(x(1, 3), 1, places([1, 2], [1, 2]), x(1, 3)),
  ],
  ['indexSelect: the index must be int64, got float32', () => ops.indexSelect(x(2, 3), 1, x(2))],
  ['indexSelect: the index must have 1 axes, got [1,2]', () => ops.indexSelect(x(2, 3), 1, places([1, 2], [1, 2]))],
  ['concat: the parts differ in axis 0 (inputs [2,3], [3,3])', () => ops.concat([x(2, 3), x(3, 3)], 1)],
  ['concat: the list of tensors is empty', () => ops.concat([], 0)],
  ['slice: positions 1 to 4 do not fit an axis of 3 (inputs [3,2])', () => ops.slice(x(3, 2), 0, 1, 4)],
  ['split: 5 does not divide into 2 parts', () => ops.split(x(5), 0, 2)],
  [
    'pad: needs two widths of 0 or more for each of 2 axes',
    () =>
      ops.pad(x(2, 3), [
        [1, -1],
        [0, 0],
      ]),
  ],
  [
    'maxPool2d: the padding is more than half the window, 2',
    () => ops.maxPool2d(x(1, 1, 4, 4), 2, { padding: ops.square(2) }),
  ],
  ['avgPool2d: a window of 5×5 is larger than the padded picture', () => ops.avgPool2d(x(1, 1, 4, 4), 5)],
  [
    'convTranspose2d: the input has 3 channels, the weight is for 4',
    () => ops.convTranspose2d(x(1, 3, 4, 4), x(4, 1, 3, 3), undefined),
  ],
  [
    'convTranspose2d: 3 input channels do not divide into 2 groups',
    () => ops.convTranspose2d(x(1, 3, 4, 4), x(3, 1, 3, 3), undefined, { groups: 2 }),
  ],
  ['convTranspose2d: the bias must have 1 elements', () => ops.convTranspose2d(x(1, 3, 4, 4), x(3, 1, 3, 3), x(2))],
  [
    'convTranspose2d: an output padding of 2 is not below the stride 2',
    () => ops.convTranspose2d(x(1, 3, 4, 4), x(3, 1, 3, 3), undefined, { stride: 2, outputPadding: [2, 0] }),
  ],
  [
    'convTranspose2d: the padding removes the whole picture',
    () => ops.convTranspose2d(x(1, 1, 1, 1), x(1, 1, 3, 3), undefined, { padding: ops.square(2) }),
  ],
  ['resize: the result would be 0×2', () => ops.resizeNearest(x(1, 1, 1, 4), { factor: 0.5 })],
  [
    'height and width under a resize must be known, got "height"',
    () => {
      const picture = input('x', [1, 1, 'height', 4]);
      return gradients(ops.sum(ops.resizeBilinear(picture, { height: 2, width: 2 })), [picture]);
    },
  ],
  ['pixelShuffle: 6 channels do not divide by 2·2', () => ops.pixelShuffle(x(1, 6, 2, 2), 2)],
  ['pixelUnshuffle: a side of 3 does not divide by 2', () => ops.pixelUnshuffle(x(1, 1, 3, 4), 2)],
  ['deformConv2d: the input has 2 channels, the weight is for 3', () => deform({ weight: x(4, 3, 3, 3) })],
  [
    'deformConv2d: 17 offset channels are not 2·9 for each group of 2 channels',
    () => deform({ offset: x(1, 17, 4, 5) }),
  ],
  ['deformConv2d: the mask must have 9 channels, got 8', () => deform({ mask: x(1, 8, 4, 5) })],
  ['deformConv2d: the offset must be 4×5, got 4×4', () => deform({ offset: x(1, 18, 4, 4) })],
  ['deformConv2d: the bias must have 4 elements', () => deform({ bias: x(3) })],
])('%s', (message, run) => {
  expect(run).toThrow(ShapeError);
  expect(run).toThrow(message);
});
