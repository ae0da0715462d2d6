import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { mul } from './mul.js';
import { alongAxes } from './receptive-fields.js';
import { normalAxes, same } from './shapes.js';
import { sub } from './sub.js';
import { sum } from './sum.js';

const op: Op<{ readonly axis: number }> = {
  name: 'softmax',
  infer: same,
  receptiveField: ({ axis }, node) => alongAxes([axis], node),
  gradient({ outputs: [y], attributes: { axis }, upstream }) {
    const weighted = mul(upstream[0]!, y!);
    return [sub(weighted, mul(y!, sum(weighted, [axis])))];
  },
  onnx: (target, inputs, { axis }) => [target.node('Softmax', inputs, { axis })],
  tfjs(tf, [x], { axis }) {
    const order = x!.shape.map((_, at) => at);
    const last = order.length - 1;
    // TensorFlow.js supports the last axis only; swapping the two axes twice restores the original order.
    [order[axis], order[last]] = [order[last]!, order[axis]!];
    return [tf.transpose(tf.softmax(tf.transpose(x!, order)), order)];
  },
};

/** eˣ / Σ eˣ over one axis. @throws ShapeError when the axis does not exist. */
export function softmax(x: Tensor, axis: number): Tensor {
  return applyOne(op, [x], { axis: normalAxes('softmax', [axis], x.rank)[0]! });
}
