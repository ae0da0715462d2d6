import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { alongAxes } from './receptive-fields.js';
import { normalAxes } from './shapes.js';
import { reduced } from './sum.js';
import { copied } from './tfjs-detached.js';

const op: Op<{ readonly axis: number }> = {
  name: 'argMax',
  infer: (inputs, { axis }) => [{ ...reduced(inputs, { axes: [axis] })[0]!, dtype: 'int64' }],
  receptiveField: ({ axis }, node) => alongAxes([axis], node),
  onnx: (target, inputs, { axis }) => [target.node('ArgMax', inputs, { axis, keepdims: 1 })],
  tfjs: (tf, inputs, { axis }) => {
    const kept = inputs[0]!.shape.map((size, at) => (at === axis ? 1 : size));
    return [copied(tf, tf.reshape(tf.argMax(inputs[0]!, axis), kept))];
  },
};

/** Index of the largest value along an axis (the first of equal ones), int64; the axis stays with size 1. */
export function argMax(x: Tensor, axis: number): Tensor {
  return applyOne(op, [x], { axis: normalAxes('argMax', [axis], x.rank)[0]! });
}
