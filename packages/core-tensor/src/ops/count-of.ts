import { applyOne, type Op } from '../graph/node.js';
import { constant, type Tensor } from '../graph/tensor.js';
import { normalAxes } from './shapes.js';

interface Attributes {
  readonly axes: readonly number[];
}

const op: Op<Attributes> = {
  name: 'countOf',
  infer: () => [{ shape: [], dtype: 'float32' }],
  receptiveField: 'unused',
  onnx(target, inputs, { axes }, node) {
    const sizes = target.node('Gather', [target.shapeOf(inputs[0]!, node.inputs[0]!), target.ints(axes)], { axis: 0 });
    const count = target.node('ReduceProd', [sizes], { keepdims: 0 });
    return [target.node('Cast', [count], { to: 1 })];
  },
  tfjs: (tf, inputs, { axes }) => {
    const count = axes.reduce((product, axis) => product * inputs[0]!.shape[axis]!, 1);
    return [tf.tensor(Float32Array.of(count), [], 'float32')];
  },
};

/** Number of elements that the given axes span, a float32 scalar: a constant if known, else computed at run time. */
export function countOf(x: Tensor, axes: readonly number[]): Tensor {
  const normal = normalAxes('countOf', axes, x.rank);
  let count = 1;
  for (const axis of normal) {
    const size = x.shape[axis]!;
    if (typeof size === 'string') return applyOne(op, [x], { axes: normal });
    count *= size;
  }
  return constant(count);
}
