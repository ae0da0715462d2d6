import { constant, type Tensor } from './graph/tensor.js';
import * as ops from './ops/index.js';

/** One case of goldens/ops.json: shapes of its inputs, and PyTorch's values. */
export interface OperationCase {
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

/** The operations of goldens/make_ops.py, written with our ops. */
export const OPERATIONS: Record<string, (...inputs: Tensor[]) => Tensor> = {
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
  'matmul of batches': (a, b) => ops.matmul(a!, b!),
  'conv2d asymmetric padding': conv({ stride: 2, padding: side(0, 1, 3, 2) }) as never,
  convTranspose2d: (x, w, b) => ops.convTranspose2d(x!, w!, b),
  'convTranspose2d stride 2 output padding': (x, w, b) =>
    ops.convTranspose2d(x!, w!, b, { stride: 2, padding: ops.square(1), outputPadding: [1, 0] }),
  'convTranspose2d groups and dilation': (x, w) =>
    ops.convTranspose2d(x!, w!, undefined, { stride: 2, padding: ops.square(2), dilation: 2, groups: 2 }),
  deformConv2d: (x, w, o, m, b) => ops.deformConv2d(x!, w!, o!, m!, b, { padding: ops.square(1) }),
  'deformConv2d stride, dilation, groups of offsets': (x, w, o, m) =>
    ops.deformConv2d(x!, w!, o!, m!, undefined, { stride: 2, dilation: 2 }),
  replicatePad2d: (x) => ops.replicatePad2d(x!, side(2, 1, 3, 0)),
  'replicatePad2d of one row': (x) => ops.replicatePad2d(x!, side(1, 2, 2, 1)),
  'pad with a value': (x) =>
    ops.pad(
      x!,
      [
        [0, 0],
        [0, 1],
        [1, 2],
      ],
      0.5,
    ),
  maxPool2d: (x) => ops.maxPool2d(x!, 2),
  'maxPool2d overlapping': (x) => ops.maxPool2d(x!, 3, { stride: 2, padding: ops.square(1) }),
  'maxPool2d of equal values': (x) => ops.maxPool2d(ops.relu(x!), 2),
  avgPool2d: (x) => ops.avgPool2d(x!, 3, { stride: 2, padding: ops.square(1) }),
  'max over height and width': (x) => ops.max(x!, [2, 3]),
  'max over channels of equal values': (x) => ops.max(ops.relu(x!), [1]),
  'resizeNearest by 2': (x) => ops.resizeNearest(x!, { factor: 2 }),
  'resizeNearest to a size': (x) => ops.resizeNearest(x!, { height: 3, width: 7 }),
  'resizeBilinear by 2': (x) => ops.resizeBilinear(x!, { factor: 2 }),
  'resizeBilinear by 0.5': (x) => ops.resizeBilinear(x!, { factor: 0.5 }),
  'resizeBilinear to a size': (x) => ops.resizeBilinear(x!, { height: 7, width: 3 }),
  'resizeBilinear aligned': (x) => ops.resizeBilinear(x!, { height: 7, width: 3 }, { alignCorners: true }),
  pixelShuffle: (x) => ops.pixelShuffle(x!, 2),
  pixelUnshuffle: (x) => ops.pixelUnshuffle(x!, 2),
  unfold: (x) => ops.unfold(x!, 3, { stride: 2, padding: ops.square(1) }),
  concat: (a, b) => ops.concat([a!, b!], 1),
  slice: (x) => ops.slice(x!, 1, 1, 4),
  'slice from the end': (x) => ops.slice(x!, 1, -2),
  gather: (x) => ops.gather(x!, 1, constant([0, 3, 3, 1, 1, 1, 2, 0, 1], [3, 3], 'int64')),
  indexSelect: (x) => ops.indexSelect(x!, 0, constant([2, 0, 2, 2], [4], 'int64')),
  scatterAdd: (x, s) => ops.scatterAdd(x!, 1, constant([0, 3, 3, 1, 1, 1], [2, 3], 'int64'), s!),
  'softmax over channels': (x) => ops.softmax(x!, 1),
  'softmax over the last axis': (x) => ops.softmax(x!, -1),
  exp: (x) => ops.exp(x!),
  'log of square': (x) => ops.log(ops.mul(x!, x!)),
  'power 3': (x) => ops.power(x!, 3),
  'power −0.5 of square': (x) => ops.power(ops.mul(x!, x!), -0.5),
  floor: (x) => ops.add(ops.floor(x!), x!),
  leakyRelu: (x) => ops.leakyRelu(x!, 0.1),
  'prelu of one slope': (x, slope) => ops.prelu(x!, slope!),
  'prelu of a slope per channel': (x, slope) => ops.prelu(x!, slope!),
  where: (a, b) => ops.where(ops.greater(a!, b!), a!, b!),
  l2Norm: (x) => ops.l2Norm(x!, [1]),
  l2Normalize: (x) => ops.l2Normalize(x!, 1),
  gelu: (x) => ops.gelu(x!),
  layerNorm: (x, w, b) => ops.layerNorm(x!, w!, b!, 1e-6),
  'addmm of a row': (c, a, b) => ops.addmm(c!, a!, b!),
  'addmm of a column': (c, a, b) => ops.addmm(c!, a!, b!),
  'addmm of a matrix': (c, a, b) => ops.addmm(c!, a!, b!),
  'reshapeLike with an axis split': (x) => ops.reshapeLike(x!, x!, { 1: [2, -1] }),
  'resizeBilinear by 0.5, antialiased': (x) => ops.resizeBilinear(x!, { factor: 0.5 }, { antialias: true }),
  'resizeBilinear by 0.25, antialiased': (x) => ops.resizeBilinear(x!, { factor: 0.25 }, { antialias: true }),
  'resizeBilinear by 2, antialiased': (x) => ops.resizeBilinear(x!, { factor: 2 }, { antialias: true }),
};
