import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { add } from './add.js';
import { greater } from './compare.js';
import { mul } from './mul.js';
import { same } from './shapes.js';

const op: Op<{ readonly slope: number }> = {
  name: 'leakyRelu',
  infer: same,
  receptiveField: 'pointwise',
  // The gradient at 0 is that of x < 0, as in PyTorch.
  gradient({ inputs, attributes: { slope }, upstream }) {
    const factor = add(mul(greater(inputs[0]!, 0), 1 - slope), slope);
    return [mul(upstream[0]!, factor)];
  },
  onnx: (target, inputs, { slope }) => [target.node('LeakyRelu', inputs, { alpha: { float: slope } })],
  tfjs: (tf, inputs, { slope }) => [tf.leakyRelu(inputs[0]!, slope)],
};

/** x where x > 0, else slope·x, elementwise. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return applyOne(op, [x], { slope });
}
