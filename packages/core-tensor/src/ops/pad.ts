import { grow } from '../graph/dim.js';
import { applyOne, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { slidingWindow } from './receptive-fields.js';
import { slice } from './slice.js';

interface Attributes {
  /** Places added before and after, per axis. */
  readonly widths: readonly (readonly [number, number])[];
  readonly value: number;
}

const op: Op<Attributes> = {
  name: 'pad',
  infer([x], { widths }) {
    if (widths.length !== x!.rank || widths.some(([before, after]) => Math.min(before, after) < 0))
      throw new ShapeError(`needs two widths of 0 or more for each of ${x!.rank} axes`);
    return [{ shape: x!.shape.map((size, axis) => grow(size, widths[axis]![0] + widths[axis]![1])), dtype: x!.dtype }];
  },
  receptiveField({ widths }) {
    const [top, left] = widths.slice(-2).map(([before]) => before) as [number, number];
    return slidingWindow([1, 1], { padding: { top, left } });
  },
  gradient: ({ attributes: { widths }, upstream }) => [
    widths.reduce(
      (dy, [before, after], axis) =>
        before + after === 0 ? dy : slice(dy, axis, before, after === 0 ? undefined : -after),
      upstream[0]!,
    ),
  ],
  onnx: (target, inputs, { widths, value }) => [
    target.node('Pad', [
      inputs[0]!,
      target.ints([...widths.map(([before]) => before), ...widths.map(([, after]) => after)]),
      target.constant([value], []),
    ]),
  ],
  tfjs: (tf, inputs, { widths, value }) => [tf.pad(inputs[0]!, widths, value)],
};

/**
 * Pads x with one value.
 * @param widths number of places before and after, per axis
 * @throws ShapeError when the widths do not fit the axes
 */
export function pad(x: Tensor, widths: Attributes['widths'], value = 0): Tensor {
  return applyOne(op, [x], { widths, value });
}
