import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import type { TfTensor } from '../graph/tfjs-target.js';
import { add } from './add.js';
import { mul } from './mul.js';
import { same } from './shapes.js';
import { sub } from './sub.js';
import { tanh } from './tanh.js';

const SLOPE = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

const op: Op<undefined> = {
  name: 'gelu',
  infer: same,
  receptiveField: 'pointwise',
  // With t = tanh(k·(x + c·x³)): ½·(1 + t) + ½·x·(1 − t²)·k·(1 + 3c·x²).
  gradient({ inputs, upstream }) {
    const x = inputs[0]!;
    const squared = mul(x, x);
    const t = tanh(mul(x, add(mul(squared, SLOPE * CUBIC), SLOPE)));
    const slope = mul(mul(x, sub(1, mul(t, t))), add(mul(squared, 3 * SLOPE * CUBIC), SLOPE));
    return [mul(upstream[0]!, mul(add(add(t, 1), slope), 0.5))];
  },
  onnx: (target, inputs) => [target.node('Gelu', inputs, { approximate: 'tanh' })],
  tfjs(tf, inputs) {
    const x = inputs[0]!;
    const number = (value: number): TfTensor => tf.tensor(Float32Array.of(value), [], 'float32');
    const inner = tf.mul(x, tf.add(tf.mul(tf.mul(x, x), number(SLOPE * CUBIC)), number(SLOPE)));
    return [tf.mul(tf.mul(x, number(0.5)), tf.add(tf.tanh(inner), number(1)))];
  },
};

/**
 * x·Φ(x) in the form with a hyperbolic tangent: ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), elementwise (PyTorch's
 * `functional.gelu(approximate="tanh")`, the default of Flax). It differs from the exact form by up to 5e-4.
 */
export function gelu(x: Tensor): Tensor {
  return applyOne(op, [x], undefined);
}
