import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { greater } from './compare.js';
import { same } from './shapes.js';
import { sub } from './sub.js';

const op: Op = {
  name: 'sign',
  infer: same,
  receptiveField: 'pointwise',
  // WebGPU leaves Sign to the CPU.
  faultyOn: ['webgpu'],
  decompose: ([x]) => [sub(greater(x!, 0), greater(0, x!))],
  onnx: (target, inputs) => [target.node('Sign', inputs)],
  tfjs: (tf, inputs) => [tf.sign(inputs[0]!)],
};

/** −1, 0 or 1 by the sign of x, elementwise. No gradient passes. */
export function sign(x: Tensor): Tensor {
  return applyOne(op, [x], undefined);
}
