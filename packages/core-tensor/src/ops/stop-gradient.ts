import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { same } from './shapes.js';
import { detached } from './tfjs-detached.js';

const op: Op = {
  name: 'stopGradient',
  infer: same,
  receptiveField: 'pointwise',
  onnx: (_target, inputs) => [inputs[0]!],
  tfjs: (tf, inputs) => [detached(tf, inputs, (x) => tf.mul(x!, tf.ones([])))],
};

/** Returns the values of x and lets no gradient pass. */
export function stopGradient(x: Tensor): Tensor {
  return applyOne(op, [x], undefined);
}
