import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';

const op: Op = {
  name: 'toInt64',
  infer: (inputs) => [{ shape: inputs[0]!.shape, dtype: 'int64' }],
  onnx: (target, inputs) => [target.node('Cast', inputs, { to: 7 })],
  tfjs: (tf, inputs) => [tf.cast(inputs[0]!, 'int32')],
};

/** Whole numbers as int64, for indices; fractions are cut off. No gradient passes. */
export function toInt64(x: Tensor): Tensor {
  return applyOne(op, [x], undefined);
}
