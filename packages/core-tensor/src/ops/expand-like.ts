import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { broadcastFields } from './receptive-fields.js';
import { broadcast } from './shapes.js';
import { sumTo } from './sum-to.js';

const op: Op = {
  name: 'expandLike',
  infer: (inputs) => [{ shape: inputs[1]!.shape, dtype: broadcast(inputs)[0]!.dtype }],
  receptiveField: (attributes, node) => [broadcastFields(attributes, node)[0]!, 'unused'],
  gradient: ({ inputs, upstream }) => [sumTo(upstream[0]!, inputs[0]!), undefined],
  onnx: (target, inputs, _attributes, node) => [
    target.node('Expand', [inputs[0]!, target.shapeOf(inputs[1]!, node.inputs[1]!)]),
  ],
  tfjs: (tf, inputs) => [tf.broadcastTo(inputs[0]!, inputs[1]!.shape)],
};

/** Repeats x along its axes of size 1 to the shape of another tensor, whose values are not used. */
export function expandLike(x: Tensor, like: Tensor): Tensor {
  const equal = x.rank === like.rank && x.shape.every((size, axis) => size === like.shape[axis]);
  return equal ? x : applyOne(op, [x, like], undefined);
}
