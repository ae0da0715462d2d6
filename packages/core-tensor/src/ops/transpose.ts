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

/**
 * Reorders axes: result axis i is axis `order[i]` of x. Reordering back gives the original tensor, without an operation.
 * @throws ShapeError if `order` is no permutation
 */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  return undoneBy(x, order) ?? applyOne(op, [x], { order });
}

/** The tensor that x is a reordering of, if `order` restores its axes. */
function undoneBy({ source }: Tensor, order: readonly number[]): Tensor | undefined {
  if (source.kind !== 'node' || source.node.op.name !== op.name) return undefined;
  const before = (source.node.attributes as Attributes).order;
  const restores = before.length === order.length && order.every((axis, i) => before[axis] === i);
  return restores ? source.node.inputs[0] : undefined;
}
