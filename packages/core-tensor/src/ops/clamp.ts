import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { abs } from './abs.js';
import { mul } from './mul.js';
import { same } from './shapes.js';
import { sign } from './sign.js';
import { sub } from './sub.js';

interface Attributes {
  readonly low: number;
  readonly high: number;
}

const op: Op<Attributes> = {
  name: 'clamp',
  infer: same,
  receptiveField: 'pointwise',
  // The gradient passes where x is unchanged, bounds included (PyTorch's rule): there y − x is 0.
  gradient: ({ inputs, outputs, upstream }) => {
    const changed = abs(sign(sub(outputs[0]!, inputs[0]!)));
    return [mul(upstream[0]!, sub(1, changed))];
  },
  onnx: (target, inputs, { low, high }) => [
    target.node('Clip', [inputs[0]!, target.constant([low], []), target.constant([high], [])]),
  ],
  tfjs: (tf, inputs, { low, high }) => [tf.clipByValue(inputs[0]!, low, high)],
};

/** x limited to [low, high], elementwise; a bound may be infinite. */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  return applyOne(op, [x], { low, high });
}
