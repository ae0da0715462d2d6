import { mayEqual } from '../graph/dim.js';
import { applyOne, expectRank, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { transpose } from './transpose.js';

const op: Op = {
  name: 'matmul',
  infer(inputs) {
    const [a, b] = inputs as [Tensor, Tensor];
    expectRank(a, 2, 'the left matrix');
    expectRank(b, 2, 'the right matrix');
    if (!mayEqual(a.shape[1]!, b.shape[0]!)) throw new ShapeError(`inner sizes ${a.shape[1]} and ${b.shape[0]} differ`);
    return [{ shape: [a.shape[0]!, b.shape[1]!], dtype: a.dtype }];
  },
  gradient({ inputs, upstream, needed }) {
    const [a, b] = inputs as [Tensor, Tensor];
    const dy = upstream[0]!;
    return [
      needed[0] ? matmul(dy, transpose(b, [1, 0])) : undefined,
      needed[1] ? matmul(transpose(a, [1, 0]), dy) : undefined,
    ];
  },
  onnx: (target, inputs) => [target.node('MatMul', inputs)],
};

/** Matrix product [m, k]·[k, n] → [m, n]. @throws ShapeError when the inner sizes differ. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  return applyOne(op, [a, b], undefined);
}
