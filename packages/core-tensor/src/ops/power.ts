import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { mul } from './mul.js';
import { same } from './shapes.js';

const op: Op<{ readonly exponent: number }> = {
  name: 'power',
  infer: same,
  receptiveField: 'pointwise',
  gradient: ({ inputs, attributes: { exponent }, upstream }) => [
    mul(mul(upstream[0]!, exponent), power(inputs[0]!, exponent - 1)),
  ],
  onnx: (target, inputs, { exponent }) => [target.node('Pow', [inputs[0]!, target.constant([exponent], [])])],
  tfjs: (tf, inputs, { exponent }) => [tf.pow(inputs[0]!, tf.tensor(Float32Array.of(exponent), [], 'float32'))],
};

/** xᵉ for a constant exponent, elementwise; x < 0 needs a whole exponent. */
export function power(x: Tensor, exponent: number): Tensor {
  return applyOne(op, [x], { exponent });
}
