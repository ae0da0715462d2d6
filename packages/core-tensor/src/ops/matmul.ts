import { broadcastDim, mayEqual } from '../graph/dim.js';
import { applyOne, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import type { TfTensor } from '../graph/tfjs-target.js';
import { sumTo } from './sum-to.js';
import { transpose } from './transpose.js';

const op: Op = {
  name: 'matmul',
  infer(inputs) {
    const [a, b] = inputs as [Tensor, Tensor];
    if (Math.min(a.rank, b.rank) < 2) throw new ShapeError('a matrix needs at least 2 axes');
    const [rows, inner] = a.shape.slice(-2);
    const [innerB, columns] = b.shape.slice(-2);
    if (!mayEqual(inner!, innerB!)) throw new ShapeError(`inner sizes ${inner} and ${innerB} differ`);
    const rank = Math.max(a.rank, b.rank);
    const batch = Array.from({ length: rank - 2 }, (_, axis) => {
      const size = broadcastDim(a.shape[axis - rank + a.rank] ?? 1, b.shape[axis - rank + b.rank] ?? 1);
      if (size === undefined) throw new ShapeError(`batches do not broadcast, axis ${axis} differs`);
      return size;
    });
    return [{ shape: [...batch, rows!, columns!], dtype: a.dtype }];
  },
  receptiveField: 'whole',
  gradient({ inputs, upstream, needed }) {
    const [a, b] = inputs as [Tensor, Tensor];
    const dy = upstream[0]!;
    return [
      needed[0] ? sumTo(matmul(dy, transposed(b)), a) : undefined,
      needed[1] ? sumTo(matmul(transposed(a), dy), b) : undefined,
    ];
  },
  onnx: (target, inputs) => [target.node('MatMul', inputs)],
  tfjs(tf, [a, b], _attributes, node) {
    // TensorFlow.js multiplies batches that broadcast, but its gradients keep the larger shape.
    const batch = (x: TfTensor) => x.shape.slice(0, -2);
    const rank = node.outputs[0]!.rank - 2;
    const sizes = Array.from({ length: rank }, (_, axis) =>
      Math.max(...[a!, b!].map((x) => batch(x)[axis - rank + batch(x).length] ?? 1)),
    );
    return [
      tf.matMul(...([a!, b!].map((x) => tf.broadcastTo(x, [...sizes, ...x.shape.slice(-2)])) as [TfTensor, TfTensor])),
    ];
  },
};

/**
 * Matrix product […, m, k]·[…, k, n] → […, m, n]; axes before the last two are batches and broadcast.
 * @throws ShapeError when inner sizes differ or batches do not broadcast
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  return applyOne(op, [a, b], undefined);
}

/** Swaps the last two axes. */
function transposed(x: Tensor): Tensor {
  const order = x.shape.map((_, axis) => axis);
  return transpose(x, [...order.slice(0, -2), x.rank - 1, x.rank - 2]);
}
