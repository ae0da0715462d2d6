import { broadcastDim, mayEqual } from '../graph/dim.js';
import { applyOne, expectRank, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { matmul } from './matmul.js';
import { sumTo } from './sum-to.js';
import { transpose } from './transpose.js';

const op: Op = {
  name: 'addmm',
  infer(inputs) {
    const [c, a, b] = inputs as [Tensor, Tensor, Tensor];
    expectRank(a, 2, 'the first matrix');
    expectRank(b, 2, 'the second matrix');
    if (!mayEqual(a.shape[1]!, b.shape[0]!)) throw new ShapeError(`inner sizes ${a.shape[1]} and ${b.shape[0]} differ`);
    const shape = [a.shape[0]!, b.shape[1]!];
    const repeats = shape.map((size, axis) => broadcastDim(c.shape[axis - 2 + c.rank] ?? 1, size));
    if (c.rank > 2 || shape.some((size, axis) => repeats[axis] === undefined || !mayEqual(repeats[axis], size)))
      throw new ShapeError('the summand does not broadcast to the product');
    return [{ shape, dtype: a.dtype }];
  },
  receptiveField: 'whole',
  gradient({ inputs, upstream, needed }) {
    const [c, a, b] = inputs as [Tensor, Tensor, Tensor];
    const dy = upstream[0]!;
    return [
      needed[0] ? sumTo(dy, c) : undefined,
      needed[1] ? matmul(dy, transpose(b, [1, 0])) : undefined,
      needed[2] ? matmul(transpose(a, [1, 0]), dy) : undefined,
    ];
  },
  onnx: (target, [c, a, b]) => [target.node('Gemm', [a!, b!, c!])],
  tfjs: (tf, [c, a, b]) => [tf.add(tf.matMul(a!, b!), c!)],
};

/**
 * c + a·b in one operation (PyTorch's `addmm`): a matrix product onto a bias or a residual.
 * @param c broadcasts to [m, n]
 * @param a [m, k], @param b [k, n]
 * @throws ShapeError when inner sizes differ or c does not broadcast
 */
export function addmm(c: Tensor, a: Tensor, b: Tensor): Tensor {
  return applyOne(op, [c, a, b], undefined);
}
