import { applyOne, known, type Op } from '../graph/node.js';
import { constant, type Tensor } from '../graph/tensor.js';
import { square } from './conv2d.js';
import { conv2dInputGradient } from './conv2d-input-gradient.js';
import { onnxPool, type PoolAttributes, pooled, tfjsPool } from './max-pool2d.js';
import { slidingWindow } from './receptive-fields.js';

const op: Op<PoolAttributes> = {
  name: 'avgPool2d',
  infer: (inputs, attributes) => [pooled(inputs[0]!, attributes)],
  receptiveField: ({ kernel, ...moves }) => slidingWindow([kernel, kernel], moves),
  // An average is a depthwise convolution whose kernel is 1/kernel² everywhere.
  gradient({ inputs, attributes: { kernel, stride, padding }, upstream }) {
    const groups = known(inputs[0]!.shape[1]!, 'the number of channels');
    const values = new Float32Array(groups * kernel * kernel).fill(1 / (kernel * kernel));
    const window = constant(values, [groups, 1, kernel, kernel]);
    return [conv2dInputGradient(upstream[0]!, window, inputs[0]!, { stride, padding, groups, dilation: 1 })];
  },
  onnx: (target, inputs, attributes) => [
    target.node('AveragePool', inputs, { ...onnxPool(attributes), count_include_pad: 1 }),
  ],
  tfjs: (tf, [x], attributes) => [tfjsPool(tf, x!, attributes, 'avgPool', 0)],
};

/**
 * Mean of each window; zeros of the padding count (PyTorch's `avg_pool2d` as it is called by default).
 * @param x [N, C, H, W]
 * @returns [N, C, H', W'], H' = ⌊(H + top + bottom − kernel)/stride⌋ + 1
 * @throws ShapeError when the padding is more than half the window, or the window larger than the padded picture
 */
export function avgPool2d(x: Tensor, kernel: number, attributes: Partial<Omit<PoolAttributes, 'kernel'>> = {}): Tensor {
  const { stride = kernel, padding = square(0) } = attributes;
  return applyOne(op, [x], { kernel, stride, padding });
}
