import { applyOne, type Op, type Result } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { expandLike } from './expand-like.js';
import { alongAxes } from './receptive-fields.js';
import { normalAxes } from './shapes.js';

interface Attributes {
  readonly axes: readonly number[];
}

const op: Op<Attributes> = {
  name: 'sum',
  infer: reduced,
  receptiveField: ({ axes }, node) => alongAxes(axes, node),
  gradient: ({ inputs, upstream }) => [expandLike(upstream[0]!, inputs[0]!)],
  onnx: (target, inputs, { axes }) => [target.node('ReduceSum', [inputs[0]!, target.ints(axes)], { keepdims: 1 })],
  tfjs: (tf, inputs, { axes }) => [tf.sum(inputs[0]!, axes, true)],
};

/** Sum over some axes, all by default; the summed axes stay with size 1. */
export function sum(x: Tensor, axes: readonly number[] = x.shape.map((_, axis) => axis)): Tensor {
  return applyOne(op, [x], { axes: normalAxes('sum', axes, x.rank) });
}

/** Shape rule of reductions that keep the reduced axes with size 1. */
export function reduced(inputs: readonly Tensor[], { axes }: Attributes): Result[] {
  const { shape, dtype } = inputs[0]!;
  return [{ shape: shape.map((size, axis) => (axes.includes(axis) ? 1 : size)), dtype }];
}
