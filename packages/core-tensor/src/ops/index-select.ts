import { applyOne, expectRank, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { alongAxes } from './receptive-fields.js';
import { normalAxes } from './shapes.js';

interface Attributes {
  readonly axis: number;
}

const op: Op<Attributes> = {
  name: 'indexSelect',
  infer([x, index], { axis }) {
    expectRank(index!, 1, 'the index');
    if (index!.dtype !== 'int64') throw new ShapeError(`the index must be int64, got ${index!.dtype}`);
    return [{ shape: x!.shape.with(axis, index!.shape[0]!), dtype: x!.dtype }];
  },
  receptiveField: ({ axis }, node) => [alongAxes([axis], node), 'whole'],
  gradient: ({ inputs, attributes, upstream }) => [
    applyOne(gradientOp, [upstream[0]!, inputs[1]!, inputs[0]!], attributes),
    undefined,
  ],
  onnx: (target, inputs, { axis }) => [target.node('Gather', inputs, { axis })],
  tfjs: (tf, [x, index], { axis }) => [tf.gather(x!, index!, axis)],
};

/** Adds each slice of dy to the slice of x it was taken from; inputs: dy, index, x for its shape. */
const gradientOp: Op<Attributes> = {
  name: 'indexSelectGradient',
  infer: (inputs) => [{ shape: inputs[2]!.shape, dtype: inputs[2]!.dtype }],
  receptiveField: 'whole',
  onnx(target, [dy, index, x], { axis }, node) {
    const like = node.inputs[2]!;
    const zeros = target.node('Expand', [target.constant([0], []), target.shapeOf(x!, like)]);
    const column = target.node('Reshape', [index!, target.ints(like.shape.map((_, at) => (at === axis ? -1 : 1)))]);
    const places = target.node('Expand', [column, target.shapeOf(dy!, node.inputs[0]!)]);
    return [target.node('ScatterElements', [zeros, places, dy!], { axis, reduction: 'add' })];
  },
};

/**
 * Selects slices of x by index along one axis; an index may occur more than once.
 * @param index [L] int64, values from 0 to below the axis' size
 * @throws ShapeError when the index is not one axis of int64
 */
export function indexSelect(x: Tensor, axis: number, index: Tensor): Tensor {
  return applyOne(op, [x, index], { axis: normalAxes('indexSelect', [axis], x.rank)[0]! });
}
