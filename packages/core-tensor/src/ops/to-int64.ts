import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { copied } from './tfjs-detached.js';

const toInt: Op = {
  name: 'toInt64',
  infer: (inputs) => [{ shape: inputs[0]!.shape, dtype: 'int64' }],
  receptiveField: 'pointwise',
  onnx: (target, inputs) => [target.node('Cast', inputs, { to: 7 })],
  tfjs: (tf, inputs) => [copied(tf, tf.cast(inputs[0]!, 'int32'))],
};

/** Converts to int64, for indices; fractions are cut off. No gradient passes. */
export function toInt64(x: Tensor): Tensor {
  return applyOne(toInt, [x], undefined);
}

const toFloatOp: Op = {
  name: 'toFloat',
  infer: (inputs) => [{ shape: inputs[0]!.shape, dtype: 'float32' }],
  receptiveField: 'pointwise',
  onnx: (target, inputs) => [target.node('Cast', inputs, { to: 1 })],
  tfjs: (tf, inputs) => [tf.cast(inputs[0]!, 'float32')],
};

/** Converts whole numbers to float32. No gradient passes. */
export function toFloat(x: Tensor): Tensor {
  return applyOne(toFloatOp, [x], undefined);
}
