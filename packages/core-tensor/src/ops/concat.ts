import { mayEqual } from '../graph/dim.js';
import { applyOne, expectRank, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { normalAxes } from './shapes.js';
import { slice } from './slice.js';

const op: Op<{ readonly axis: number }> = {
  name: 'concat',
  infer(inputs, { axis }) {
    const first = inputs[0]!;
    for (const x of inputs) {
      expectRank(x, first.rank, 'every part');
      for (const [at, size] of x.shape.entries())
        if (at !== axis && !mayEqual(size, first.shape[at]!)) throw new ShapeError(`the parts differ in axis ${at}`);
    }
    const sizes = inputs.map((x) => x.shape[axis]!);
    const numbers = sizes.filter((size) => typeof size === 'number');
    const total = numbers.length === sizes.length ? numbers.reduce((a, b) => a + b, 0) : sizes.join('+');
    return [{ shape: first.shape.with(axis, total), dtype: first.dtype }];
  },
  gradient: ({ inputs, attributes: { axis }, upstream, needed }) =>
    inputs.map((_, i) => (needed[i] ? slice(upstream[0]!, axis, ...bounds(inputs, axis, i)) : undefined)),
  onnx: (target, inputs, { axis }) => [target.node('Concat', inputs, { axis })],
  tfjs: (tf, inputs, { axis }) => [tf.concat(inputs, axis)],
};

/** Tensors one after another along an axis. @throws ShapeError when they differ elsewhere. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  if (parts.length === 0) throw new ShapeError('concat: there is nothing to put together');
  return applyOne(op, parts, { axis: normalAxes('concat', [axis], parts[0]!.rank)[0]! });
}

/** Where part i lies; counted from the end where a size before it is not known. */
function bounds(parts: readonly Tensor[], axis: number, i: number): [number, number?] {
  const size = (list: readonly Tensor[]) => {
    const sizes = list.map((part) => part.shape[axis]!);
    return sizes.every((one) => typeof one === 'number') ? sizes.reduce((a, b) => a + b, 0) : undefined;
  };
  const [before, own, after] = [size(parts.slice(0, i)), size([parts[i]!]), size(parts.slice(i + 1))];
  if (before !== undefined) {
    if (own !== undefined) return [before, before + own];
    if (after !== undefined) return after === 0 ? [before] : [before, -after];
  }
  if (own !== undefined && after !== undefined) return after === 0 ? [-own] : [-own - after, -after];
  throw new ShapeError(`concat: the gradient needs all sizes along axis ${axis} but one to be known`);
}
