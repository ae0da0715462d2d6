import { slide } from '../graph/dim.js';
import { applyOne, expectRank, type Op, ShapeError } from '../graph/node.js';
import type { OnnxAttribute } from '../graph/onnx-target.js';
import { constant, type Tensor } from '../graph/tensor.js';
import type { TfjsTarget, TfTensor } from '../graph/tfjs-target.js';
import { argMax } from './arg-max.js';
import { equal } from './compare.js';
import { square } from './conv2d.js';
import { conv2dInputGradient } from './conv2d-input-gradient.js';
import { mul } from './mul.js';
import { pad } from './pad.js';
import { widthsOf } from './pad-shape.js';
import { slidingWindow } from './receptive-fields.js';
import type { Padding } from './reflect-pad2d.js';
import { reshapeLike } from './reshape.js';
import { toFloat } from './to-int64.js';
import { pickKernels, planes, windowsOfPlanes } from './unfold.js';

/** Kernel, stride and padding of a pooling window. */
export interface PoolAttributes {
  /** Height and width of the window. */
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
}

/** Padding value below any float32 that a network computes. */
const LOWEST = -3e38;

const op: Op<PoolAttributes> = {
  name: 'maxPool2d',
  infer: (inputs, attributes) => [pooled(inputs[0]!, attributes)],
  receptiveField: ({ kernel, ...moves }) => slidingWindow([kernel, kernel], moves),
  gradient: ({ inputs, attributes, upstream }) => [applyOne(gradientOp, [upstream[0]!, inputs[0]!], attributes)],
  onnx: (target, inputs, attributes) => [target.node('MaxPool', inputs, onnxPool(attributes))],
  tfjs: (tf, [x], attributes) => [tfjsPool(tf, x!, attributes, 'maxPool', LOWEST)],
};

/** Adds dy at the place of each window's largest value (the first of equal ones); inputs: dy, x. */
const gradientOp: Op<PoolAttributes> = {
  name: 'maxPool2dGradient',
  infer: (inputs) => [{ shape: inputs[1]!.shape, dtype: inputs[1]!.dtype }],
  receptiveField: 'whole',
  // WebGPU's MaxPool returns no indices.
  faultyOn: ['webgpu'],
  decompose: ([dy, x], attributes) => [throughColumns(dy!, x!, attributes)],
  onnx(target, [dy, x], attributes, node) {
    const [, places] = target.results(2, 'MaxPool', [x!], onnxPool(attributes));
    const flat = (name: string) => target.node('Reshape', [name, target.ints([-1])]);
    const shape = target.shapeOf(x!, node.inputs[1]!);
    const count = target.node('ReduceProd', [shape], { keepdims: 1 });
    const zeros = target.node('Expand', [target.constant([0], []), count]);
    const sums = target.node('ScatterElements', [zeros, flat(places!), flat(dy!)], { axis: 0, reduction: 'add' });
    return [target.node('Reshape', [sums, shape])];
  },
};

/**
 * Largest value of each window (PyTorch's `max_pool2d`).
 * @param x [N, C, H, W]
 * @returns [N, C, H', W'], H' = ⌊(H + top + bottom − kernel)/stride⌋ + 1
 * @throws ShapeError when the padding is more than half the window, or the window larger than the padded picture
 */
export function maxPool2d(x: Tensor, kernel: number, attributes: Partial<Omit<PoolAttributes, 'kernel'>> = {}): Tensor {
  const { stride = kernel, padding = square(0) } = attributes;
  return applyOne(op, [x], { kernel, stride, padding });
}

/** Shape rule of a pooling. */
export function pooled(x: Tensor, { kernel, stride, padding }: PoolAttributes) {
  expectRank(x, 4, 'the input');
  const { top, left, bottom, right } = padding;
  if (Math.max(top, left, bottom, right) * 2 > kernel)
    throw new ShapeError(`the padding is more than half the window, ${kernel}`);
  const height = slide(x.shape[2]!, top + bottom, kernel, stride);
  const width = slide(x.shape[3]!, left + right, kernel, stride);
  if (Math.min(Number(height), Number(width)) < 1)
    throw new ShapeError(`a window of ${kernel}×${kernel} is larger than the padded picture`);
  return { shape: [x.shape[0]!, x.shape[1]!, height, width], dtype: x.dtype };
}

/** ONNX attributes of a pooling. */
export function onnxPool({ kernel, stride, padding }: PoolAttributes): Record<string, OnnxAttribute> {
  return {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding.top, padding.left, padding.bottom, padding.right],
  };
}

/**
 * Computes the same gradient without indices from MaxPool: windows become columns, the largest value of each is marked,
 * and dy goes back through the columns.
 */
function throughColumns(dy: Tensor, x: Tensor, { kernel, stride, padding }: PoolAttributes): Tensor {
  const all = planes(x);
  const columns = windowsOfPlanes(pad(all, widthsOf(padding), LOWEST), [kernel, kernel], { stride });
  const tap = constant(
    Float32Array.from({ length: kernel * kernel }, (_, i) => i),
    [1, kernel * kernel, 1, 1],
  );
  const marked = mul(equal(tap, toFloat(argMax(columns, 1))), planes(dy));
  const back = conv2dInputGradient(marked, pickKernels([kernel, kernel]), all, {
    stride,
    padding,
    dilation: 1,
    groups: 1,
  });
  return reshapeLike(back, x);
}

/** Pools in TensorFlow.js, which supports neither NCHW nor explicit padding. */
export function tfjsPool(
  tf: TfjsTarget,
  x: TfTensor,
  { kernel, stride, padding }: PoolAttributes,
  pool: 'maxPool' | 'avgPool',
  value: number,
): TfTensor {
  const nhwc = tf.transpose(tf.pad(x, widthsOf(padding), value), [0, 2, 3, 1]);
  return tf.transpose(tf[pool](nhwc, kernel, stride, 'valid'), [0, 3, 1, 2]);
}
