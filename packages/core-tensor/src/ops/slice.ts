import { type Dim, grow } from '../graph/dim.js';
import { applyOne, known, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { alongAxes } from './receptive-fields.js';
import { normalAxes } from './shapes.js';

interface Attributes {
  readonly axis: number;
  /** First place; negative: from the end. */
  readonly start: number;
  /** Place after the last; negative: from the end; undefined: to the end. */
  readonly end: number | undefined;
}

const INT_MAX = 2 ** 31 - 1;

const op: Op<Attributes> = {
  name: 'slice',
  infer: ([x], { axis, start, end }) => [
    { shape: x!.shape.with(axis, span(x!.shape[axis]!, start, end)), dtype: x!.dtype },
  ],
  receptiveField: ({ axis }, node) => alongAxes([axis], node),
  gradient: ({ inputs, attributes, upstream }) => [applyOne(gradientOp, [upstream[0]!, inputs[0]!], attributes)],
  onnx: (target, inputs, { axis, start, end = INT_MAX }) => [
    target.node('Slice', [inputs[0]!, target.ints([start]), target.ints([end]), target.ints([axis])]),
  ],
  tfjs(tf, [x], { axis, start, end }) {
    const size = x!.shape[axis]!;
    const place = (position: number) => (position < 0 ? position + size : position);
    const [first, stop] = [place(start), place(end ?? size)];
    return [
      tf.slice(
        x!,
        x!.shape.map((_, at) => (at === axis ? first : 0)),
        x!.shape.with(axis, stop - first),
      ),
    ];
  },
};

/** Puts dy among zeros, at the place it was cut from; inputs: dy, x for its shape. */
const gradientOp: Op<Attributes> = {
  name: 'sliceGradient',
  infer: (inputs) => [{ shape: inputs[1]!.shape, dtype: inputs[1]!.dtype }],
  receptiveField: 'whole',
  // The gradient of putting a slice among zeros is the same slice.
  gradient: ({ attributes: { axis, start, end }, upstream }) => [slice(upstream[0]!, axis, start, end), undefined],
  onnx(target, [dy, x], { axis, start, end }, node) {
    const like = node.inputs[1]!;
    const size = target.node('Gather', [target.shapeOf(x!, like), target.ints([axis])], { axis: 0 });
    const zeros = (count: number) => (count === 0 ? [] : [target.ints(Array<number>(count).fill(0))]);
    const before = start >= 0 ? target.ints([start]) : target.node('Add', [size, target.ints([start])]);
    const after =
      end === undefined || end < 0 ? target.ints([-(end ?? 0)]) : target.node('Sub', [size, target.ints([end])]);
    const parts = [...zeros(axis), before, ...zeros(like.rank - 1), after, ...zeros(like.rank - 1 - axis)];
    return [target.node('Pad', [dy!, target.node('Concat', parts, { axis: 0 })])];
  },
};

/**
 * Places `start` to `end` (exclusive) of one axis; negative ones count from the end.
 * @throws ShapeError when they lie outside of a known size or the slice is empty
 */
export function slice(x: Tensor, axis: number, start: number, end?: number): Tensor {
  const at = normalAxes('slice', [axis], x.rank)[0]!;
  const size = x.shape[at]!;
  if (typeof size === 'string') return applyOne(op, [x], { axis: at, start, end });
  const place = (position: number) => (position < 0 ? position + size : position);
  return applyOne(op, [x], { axis: at, start: place(start), end: place(end ?? size) });
}

/** Splits x into equal parts along an axis. @throws ShapeError when its size is not known or does not divide. */
export function split(x: Tensor, axis: number, parts: number): Tensor[] {
  const at = normalAxes('split', [axis], x.rank)[0]!;
  const size = known(x.shape[at]!, 'the size of a split axis');
  if (size % parts !== 0) throw new ShapeError(`split: ${size} does not divide into ${parts} parts`);
  const each = size / parts;
  return Array.from({ length: parts }, (_, i) => slice(x, at, i * each, (i + 1) * each));
}

function span(size: Dim, start: number, end: number | undefined): Dim {
  if (typeof size === 'number') {
    const stop = end ?? size;
    if (start < 0 || stop > size || start >= stop)
      throw new ShapeError(`positions ${start} to ${stop} do not fit an axis of ${size}`);
    return stop - start;
  }
  if (start >= 0 !== (end !== undefined && end >= 0))
    return start >= 0 ? grow(size, (end ?? 0) - start) : -start + (end ?? 0);
  return (end as number) - start;
}
