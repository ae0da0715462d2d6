import { mayEqual } from '../graph/dim.js';
import { applyOne, expectRank, type Op, type Result, ShapeError } from '../graph/node.js';
import { constant, type Tensor } from '../graph/tensor.js';
import type { TfjsTarget, TfTensor } from '../graph/tfjs-target.js';
import { expandLike } from './expand-like.js';
import { alongAxes } from './receptive-fields.js';
import { normalAxes } from './shapes.js';

interface Attributes {
  readonly axis: number;
}

const gatherOp: Op<Attributes> = {
  name: 'gather',
  infer: (inputs, attributes) => [indexed(inputs[0]!, inputs[1]!, attributes)],
  receptiveField: ({ axis }, node) => alongAxes([axis], node),
  gradient({ inputs, attributes, upstream }) {
    const [x, index] = inputs as [Tensor, Tensor];
    return [scatterAdd(expandLike(constant(0), x), attributes.axis, index, upstream[0]!), undefined];
  },
  onnx: (target, inputs, { axis }) => [target.node('GatherElements', inputs, { axis })],
  tfjs(tf, [x, index], { axis }) {
    const flat = tf.gather(tf.reshape(x!, [-1]), flatPlaces(tf, index!, x!.shape, axis), 0);
    return [tf.reshape(flat, index!.shape)];
  },
};

const scatterOp: Op<Attributes> = {
  name: 'scatterAdd',
  infer([x, index, source], attributes) {
    indexed(x!, index!, attributes);
    expectRank(source!, index!.rank, 'the source');
    if (!source!.shape.every((size, axis) => mayEqual(size, index!.shape[axis]!)))
      throw new ShapeError('source and index must have the same shape');
    return [{ shape: x!.shape, dtype: x!.dtype }];
  },
  receptiveField({ axis }, node) {
    const along = alongAxes([axis], node);
    return ['pointwise', along, along];
  },
  gradient: ({ inputs, attributes, upstream, needed }) => [
    upstream[0],
    undefined,
    needed[2] ? gather(upstream[0]!, attributes.axis, inputs[1]!) : undefined,
  ],
  onnx: (target, inputs, { axis }) => [target.node('ScatterElements', inputs, { axis, reduction: 'add' })],
  tfjs(tf, [x, index, source], { axis }) {
    const count = x!.shape.reduce((a, b) => a * b, 1);
    const places = flatPlaces(tf, index!, x!.shape, axis);
    const sums = tf.unsortedSegmentSum(tf.reshape(source!, [-1]), places, count);
    return [tf.add(x!, tf.reshape(sums, x!.shape))];
  },
};

/**
 * Picks values along one axis, out[…, i, …] = x[…, index[…, i, …], …] (PyTorch's `gather`).
 * @param index int64, with as many axes as x, of equal sizes except in `axis`; values from 0 to below the axis' size
 * @returns shaped like the index
 * @throws ShapeError when the shapes do not fit
 */
export function gather(x: Tensor, axis: number, index: Tensor): Tensor {
  return applyOne(gatherOp, [x, index], { axis: normalAxes('gather', [axis], x.rank)[0]! });
}

/**
 * Adds every value of `source` to x at its index along one axis (PyTorch's `scatter_add`); equal indices add up.
 * @throws ShapeError when the shapes do not fit
 */
export function scatterAdd(x: Tensor, axis: number, index: Tensor, source: Tensor): Tensor {
  return applyOne(scatterOp, [x, index, source], { axis: normalAxes('scatterAdd', [axis], x.rank)[0]! });
}

function indexed(x: Tensor, index: Tensor, { axis }: Attributes): Result {
  if (index.dtype !== 'int64') throw new ShapeError(`the index must be int64, got ${index.dtype}`);
  expectRank(index, x.rank, 'the index');
  for (const [at, size] of index.shape.entries())
    if (at !== axis && !mayEqual(size, x.shape[at]!))
      throw new ShapeError(`axis ${at} of the index is ${size}, of the values ${x.shape[at]}`);
  return { shape: index.shape, dtype: x.dtype };
}

/** Indices into the flattened values, because TensorFlow.js gathers along whole axes only. */
function flatPlaces(tf: TfjsTarget, index: TfTensor, shape: readonly number[], axis: number): TfTensor {
  const strides = shape.map((_, at) => shape.slice(at + 1).reduce((a, b) => a * b, 1));
  const count = index.shape.reduce((a, b) => a * b, 1);
  const base = Int32Array.from({ length: count }, (_, flat) => {
    let rest = flat;
    let place = 0;
    for (let at = shape.length - 1; at >= 0; at--) {
      const size = index.shape[at]!;
      if (at !== axis) place += (rest % size) * strides[at]!;
      rest = Math.floor(rest / size);
    }
    return place;
  });
  const along = tf.mul(tf.reshape(index, [-1]), tf.tensor(Int32Array.of(strides[axis]!), [], 'int32'));
  return tf.add(tf.tensor(base, [count], 'int32'), along);
}
