import { applyOne, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { add } from './add.js';
import { greater } from './compare.js';
import { mul } from './mul.js';
import { reshape, reshapeLike } from './reshape.js';
import { same } from './shapes.js';
import { sub } from './sub.js';
import { sum } from './sum.js';

const op: Op = {
  name: 'prelu',
  infer(inputs) {
    const [x, slope] = inputs as [Tensor, Tensor];
    if (slope.rank !== 1 || (slope.shape[0] !== 1 && slope.shape[0] !== x.shape[1]))
      throw new ShapeError(`the slope must have 1 or ${x.shape[1]} elements`);
    return same(inputs);
  },
  receptiveField: ['pointwise', 'whole'],
  gradient({ inputs, upstream, needed }) {
    const [x, slope] = inputs as [Tensor, Tensor];
    const dy = upstream[0]!;
    // The gradient at 0 is that of x < 0, as in PyTorch.
    const below = sub(1, greater(x, 0));
    const wide = reshape(slope, [-1, ...x.shape.slice(2).map(() => 1)]);
    const kept = sub(1, below);
    const others = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1 || slope.shape[0] === 1);
    return [
      needed[0] ? mul(dy, add(kept, mul(below, wide))) : undefined,
      needed[1] ? reshapeLike(sum(mul(mul(dy, x), below), others), slope) : undefined,
    ];
  },
  onnx(target, inputs, _attributes, node) {
    const wide = [-1, ...node.inputs[0]!.shape.slice(2).map(() => 1)];
    return [target.node('PRelu', [inputs[0]!, target.node('Reshape', [inputs[1]!, target.ints(wide)])])];
  },
  tfjs: (tf, inputs) => [tf.prelu(inputs[0]!, tf.reshape(inputs[1]!, [-1, ...inputs[0]!.shape.slice(2).map(() => 1)]))],
};

/**
 * x where x > 0, else slope·x (PyTorch's `nn.PReLU`).
 * @param x [N, C, …]
 * @param slope [1] or [C]
 * @throws ShapeError when the slope fits neither
 */
export function prelu(x: Tensor, slope: Tensor): Tensor {
  return applyOne(op, [x, slope], undefined);
}
