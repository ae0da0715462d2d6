import { applyOne, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { countOf } from './count-of.js';
import { div } from './div.js';
import { expandLike } from './expand-like.js';
import { alongAxes } from './receptive-fields.js';
import { normalAxes } from './shapes.js';
import { reduced } from './sum.js';

interface Attributes {
  readonly axes: readonly number[];
}

const op: Op<Attributes> = {
  name: 'mean',
  infer: reduced,
  receptiveField: ({ axes }, node) => alongAxes(axes, node),
  gradient: ({ inputs, attributes, upstream }) => {
    const x = inputs[0]!;
    return [expandLike(div(upstream[0]!, countOf(x, attributes.axes)), x)];
  },
  onnx: (target, inputs, { axes }) => [target.node('ReduceMean', [inputs[0]!, target.ints(axes)], { keepdims: 1 })],
  tfjs: (tf, inputs, { axes }) => [tf.mean(inputs[0]!, axes, true)],
};

/** Mean over some axes, all by default; averaged axes stay with size 1. Over [2, 3] it is global average pooling. */
export function mean(x: Tensor, axes: readonly number[] = x.shape.map((_, axis) => axis)): Tensor {
  return applyOne(op, [x], { axes: normalAxes('mean', axes, x.rank) });
}
