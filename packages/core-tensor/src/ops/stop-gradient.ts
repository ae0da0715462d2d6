import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { same } from './shapes.js';

const op: Op = {
  name: 'stopGradient',
  infer: same,
  onnx: (_target, inputs) => [inputs[0]!],
  tfjs: (tf, inputs) => {
    const stopped = tf.customGrad((x) => ({ value: tf.mul(x, tf.ones([])), gradFunc: (dy) => tf.zerosLike(dy) }));
    return [stopped(inputs[0]!)];
  },
};

/** x itself, through which no gradient passes. */
export function stopGradient(x: Tensor): Tensor {
  return applyOne(op, [x], undefined);
}
