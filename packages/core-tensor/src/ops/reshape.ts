import { type Dim, mayEqual, type Shape, show } from '../graph/dim.js';
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

/** Sizes of the parts that axes are split into, by axis; −1, once for an axis, takes what the others leave. */
export type Parts = Readonly<Record<number, readonly number[]>>;

const likeOp: Op<{ readonly parts: Parts }> = {
  name: 'reshapeLike',
  infer([x, like], { parts }) {
    const shape = like!.shape.flatMap((size, axis) => parted(size, parts[axis] ?? [-1]));
    if (!mayEqual(product(x!.shape), product(shape)))
      throw new ShapeError(`${show(x!.shape)} does not fill ${show(shape)}`);
    return [{ shape, dtype: x!.dtype }];
  },
  receptiveField: ['whole', 'unused'],
  gradient: ({ inputs, upstream }) => [reshapeLike(upstream[0]!, inputs[0]!), undefined],
  onnx(target, [x, like], { parts }, node) {
    const { outputs, inputs } = node;
    const shape = target.shapeOf(like!, inputs[1]!);
    const { shape: result } = outputs[0]!;
    if (result.every((size) => typeof size === 'number')) return [target.node('Reshape', [x!, target.ints(result)])];
    if (Object.keys(parts).length === 0) return [target.node('Reshape', [x!, shape])];
    const sizeOf = (axis: number) => target.node('Gather', [shape, target.ints([axis])], { axis: 0 });
    const rest = (axis: number, sizes: readonly number[]) =>
      target.node('Div', [sizeOf(axis), target.ints([filledBy(sizes)])]);
    const sizes = inputs[1]!.shape.flatMap((_, axis) => {
      const own = parts[axis];
      return own ? own.map((size) => (size === -1 ? rest(axis, own) : target.ints([size]))) : [sizeOf(axis)];
    });
    return [target.node('Reshape', [x!, target.node('Concat', sizes, { axis: 0 })])];
  },
  tfjs: (tf, [x, like], { parts }) => [
    tf.reshape(
      x!,
      like!.shape.flatMap((size, axis) => parted(size, parts[axis] ?? [-1]) as number[]),
    ),
  ],
};

/**
 * Reshapes a tensor. In `to`, 0 keeps the size of that axis, and −1 (once) is inferred.
 * @throws ShapeError when the number of elements would change.
 */
export function reshape(x: Tensor, to: readonly number[]): Tensor {
  return applyOne(op, [x], { to });
}

/**
 * Reshapes a tensor to the shape of another one, whose values are not used.
 * @param parts axes of the shape that are split into several, outermost first: `{ 1: [-1, 16] }` splits axis 1 into
 * groups of 16. Their sizes need not be known.
 * @throws ShapeError when the number of elements differs, or an axis is not a multiple of its parts
 */
export function reshapeLike(x: Tensor, like: Tensor, parts: Parts = {}): Tensor {
  return applyOne(likeOp, [x, like], { parts });
}

/** Product of the sizes that are given. */
function filledBy(sizes: readonly number[]): number {
  return sizes.reduce((filled, size) => (size === -1 ? filled : filled * size), 1);
}

function parted(size: Dim, sizes: readonly number[]): Dim[] {
  if (sizes.length === 1 && sizes[0] === -1) return [size];
  const filled = filledBy(sizes);
  const rest = typeof size === 'string' ? `(${size})/${filled}` : size / filled;
  if (typeof rest === 'number' && (!Number.isInteger(rest) || (rest !== 1 && !sizes.includes(-1))))
    throw new ShapeError(`an axis of ${size} does not split into ${sizes.join(' × ')}`);
  return sizes.map((part) => (part === -1 ? rest : part));
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
