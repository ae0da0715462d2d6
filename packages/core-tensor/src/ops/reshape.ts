import { mayEqual, type Shape, show } from '../graph/dim.js';
import { applyOne, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';

interface Attributes {
  /** Sizes as in ONNX: 0 keeps the size of that axis, −1 (once) is inferred. */
  readonly to: readonly number[];
}

const op: Op<Attributes> = {
  name: 'reshape',
  infer(inputs, { to }) {
    const { shape, dtype } = inputs[0]!;
    return [{ shape: reshaped(shape, to), dtype }];
  },
  receptiveField: 'whole',
  gradient: ({ inputs, upstream }) => [reshapeLike(upstream[0]!, inputs[0]!)],
  onnx: (target, inputs, { to }) => [target.node('Reshape', [inputs[0]!, target.ints(to)])],
  tfjs: (tf, inputs, { to }) => {
    const { shape } = inputs[0]!;
    return [
      tf.reshape(
        inputs[0]!,
        to.map((size, axis) => (size === 0 ? shape[axis]! : size)),
      ),
    ];
  },
};

const likeOp: Op = {
  name: 'reshapeLike',
  infer: (inputs) => [{ shape: inputs[1]!.shape, dtype: inputs[0]!.dtype }],
  receptiveField: ['whole', 'unused'],
  gradient: ({ inputs, upstream }) => [reshapeLike(upstream[0]!, inputs[0]!), undefined],
  onnx: (target, inputs, _attributes, node) => [
    target.node('Reshape', [inputs[0]!, target.shapeOf(inputs[1]!, node.inputs[1]!)]),
  ],
  tfjs: (tf, inputs) => [tf.reshape(inputs[0]!, inputs[1]!.shape)],
};

/**
 * Reshapes a tensor. In `to`, 0 keeps the size of that axis, and −1 (once) is inferred.
 * @throws ShapeError when the number of elements would change.
 */
export function reshape(x: Tensor, to: readonly number[]): Tensor {
  return applyOne(op, [x], { to });
}

/** Reshapes a tensor to the shape of another one, whose values are not used. */
export function reshapeLike(x: Tensor, like: Tensor): Tensor {
  return applyOne(likeOp, [x, like], undefined);
}

function reshaped(shape: Shape, to: readonly number[]): Shape {
  const sizes = to.map((size, axis) => (size === 0 ? (shape[axis] ?? 0) : size));
  const open = sizes.indexOf(-1);
  const given = product(shape);
  const taken = product(sizes.filter((size) => size !== -1));
  if (typeof given === 'string' || typeof taken === 'string')
    return open < 0 ? sizes : sizes.with(open, `${given}/(${taken})`);
  const rest = open < 0 ? 1 : given / taken;
  if (!Number.isInteger(rest) || !mayEqual(given, taken * rest))
    throw new ShapeError(`${given} elements do not fill ${show(to)}`);
  return open < 0 ? sizes : sizes.with(open, rest);
}

function product(shape: Shape): number | string {
  if (shape.every((size) => typeof size === 'number')) return shape.reduce<number>((a, b) => a * (b as number), 1);
  return shape.join('*');
}
