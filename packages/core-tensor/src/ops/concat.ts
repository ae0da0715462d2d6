import { mayEqual } from '../graph/dim.js';
import { applyOne, expectRank, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { mul } from './mul.js';
import { alongAxes } from './receptive-fields.js';
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
  receptiveField: ({ axis }, node) => alongAxes([axis], node),
  gradient: ({ inputs, attributes: { axis }, upstream, needed }) =>
    inputs.map((_, i) => (needed[i] ? partOf(upstream[0]!, inputs, axis, i) : undefined)),
  onnx: (target, inputs, { axis }) => [target.node('Concat', inputs, { axis })],
  tfjs: (tf, inputs, { axis }) => [tf.concat(inputs, axis)],
};

/** Concatenates tensors along an axis. @throws ShapeError when they differ in another axis. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  if (parts.length === 0) throw new ShapeError('concat: the list of tensors is empty');
  return applyOne(op, parts, { axis: normalAxes('concat', [axis], parts[0]!.rank)[0]! });
}

/** Cuts part i out of a concatenation. */
function partOf(whole: Tensor, parts: readonly Tensor[], axis: number, i: number): Tensor {
  const found = bounds(parts, axis, i);
  return found === undefined ? applyOne(partOp, [whole, ...parts], { axis, index: i }) : slice(whole, axis, ...found);
}

/** Cuts out a part whose position is known only at run time; inputs: the whole, then every part for its size. */
const partOp: Op<{ readonly axis: number; readonly index: number }> = {
  name: 'concatPart',
  infer: (inputs, { index }) => [{ shape: inputs[index + 1]!.shape, dtype: inputs[0]!.dtype }],
  receptiveField: 'whole',
  gradient({ inputs: [, ...parts], attributes: { axis, index }, upstream }) {
    const others = parts.map((part, i) => (i === index ? upstream[0]! : mul(part, 0)));
    return [concat(others, axis), ...parts.map(() => undefined)];
  },
  onnx(target, [whole, ...parts], { axis, index }, node) {
    const sizeOf = (i: number) => {
      const shape = target.shapeOf(parts[i]!, node.inputs[i + 1]!);
      return target.node('Gather', [shape, target.ints([axis])], { axis: 0 });
    };
    const start = parts.slice(0, index).reduce((sum, _, i) => target.node('Add', [sum, sizeOf(i)]), target.ints([0]));
    const end = target.node('Add', [start, sizeOf(index)]);
    return [target.node('Slice', [whole!, start, end, target.ints([axis])])];
  },
};

/** Start and end of part i, counted from the end if a size before it is unknown; undefined if neither way works. */
function bounds(parts: readonly Tensor[], axis: number, i: number): [number, number?] | undefined {
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
  return undefined;
}
