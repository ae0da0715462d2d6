import { applyOne, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';

interface Attributes {
  readonly order: readonly number[];
}

const op: Op<Attributes> = {
  name: 'transpose',
  infer(inputs, { order }) {
    const { shape, dtype } = inputs[0]!;
    if (order.length !== shape.length || new Set(order).size !== order.length || !order.every((axis) => axis in shape))
      throw new ShapeError(`[${order}] is not an order of ${shape.length} axes`);
    return [{ shape: order.map((axis) => shape[axis]!), dtype }];
  },
  receptiveField: 'whole',
  gradient: ({ attributes: { order }, upstream }) => [
    transpose(
      upstream[0]!,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ],
  onnx: (target, inputs, { order }) => [target.node('Transpose', [inputs[0]!], { perm: order })],
  tfjs: (tf, inputs, { order }) => [tf.transpose(inputs[0]!, order)],
};

/** Reorders axes: result axis i is axis `order[i]` of x. @throws ShapeError if `order` is no permutation. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  return applyOne(op, [x], { order });
}
