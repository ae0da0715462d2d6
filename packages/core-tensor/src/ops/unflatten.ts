import type { Dim } from '../graph/dim.js';
import { applyOne, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { reshapeLike } from './reshape.js';
import { normalAxes } from './shapes.js';

interface Attributes {
  readonly axis: number;
  /** Sizes of the parts; −1, at most once, for the rest. */
  readonly sizes: readonly number[];
}

const op: Op<Attributes> = {
  name: 'unflatten',
  infer([x], { axis, sizes }) {
    const { shape, dtype } = x!;
    return [{ shape: [...shape.slice(0, axis), ...parted(shape[axis]!, sizes), ...shape.slice(axis + 1)], dtype }];
  },
  receptiveField: 'whole',
  gradient: ({ inputs, upstream }) => [reshapeLike(upstream[0]!, inputs[0]!)],
  onnx(target, [x], { axis, sizes }, node) {
    const { shape } = node.inputs[0]!;
    const after = shape.slice(axis + 1);
    if (after.every((size) => typeof size === 'number'))
      return [target.node('Reshape', [x!, target.ints([...Array<number>(axis).fill(0), ...sizes, ...after])])];
    // Reshape copies a size from the same axis only, so sizes behind the parts are gathered at run time.
    const all = target.node('Concat', [target.shapeOf(x!, node.inputs[0]!), target.ints(sizes)], { axis: 0 });
    const places = [...shape.keys()].flatMap((at) => (at === axis ? sizes.map((_, i) => shape.length + i) : [at]));
    return [target.node('Reshape', [x!, target.node('Gather', [all, target.ints(places)], { axis: 0 })])];
  },
  tfjs(tf, [x], { axis, sizes }) {
    const { shape } = x!;
    return [
      tf.reshape(x!, [...shape.slice(0, axis), ...(parted(shape[axis]!, sizes) as number[]), ...shape.slice(axis + 1)]),
    ];
  },
};

/**
 * Splits an axis into several, outermost first (PyTorch's `unflatten`). The size of the axis need not be known.
 * @param sizes their sizes; −1, at most once, takes what the others leave
 * @throws ShapeError when the sizes do not fill the axis
 */
export function unflatten(x: Tensor, axis: number, sizes: readonly number[]): Tensor {
  return applyOne(op, [x], { axis: normalAxes('unflatten', [axis], x.rank)[0]!, sizes });
}

function parted(size: Dim, sizes: readonly number[]): Dim[] {
  const open = sizes.indexOf(-1);
  const given = sizes.reduce((product, part) => (part === -1 ? product : product * part), 1);
  if (typeof size === 'string') return sizes.map((part) => (part === -1 ? `(${size})/${given}` : part));
  const rest = open < 0 ? 1 : size / given;
  if (!Number.isInteger(rest) || given * rest !== size)
    throw new ShapeError(`an axis of ${size} does not split into ${sizes.join(' × ')}`);
  return open < 0 ? [...sizes] : sizes.with(open, rest);
}
