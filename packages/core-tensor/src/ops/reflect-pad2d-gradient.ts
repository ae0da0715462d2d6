import { applyOne, type Op } from '../graph/node.js';
import type { OnnxTarget } from '../graph/onnx-target.js';
import type { Tensor } from '../graph/tensor.js';
import type { Padding } from './reflect-pad2d.js';

const INT_MAX = 2 ** 31 - 1;

const op: Op<Padding> = {
  name: 'reflectPad2dGradient',
  infer: (inputs) => [{ shape: inputs[1]!.shape, dtype: inputs[1]!.dtype }],
  onnx(target, inputs, { top, left, bottom, right }) {
    const rows = fold(target, inputs[0]!, 2, top, bottom);
    return [fold(target, rows, 3, left, right)];
  },
};

/**
 * Gradient of {@link reflectPad2d}: every mirrored pixel's gradient is added to the pixel it was copied from.
 * @param dy gradient with respect to the padded picture, NCHW
 * @param x the picture before padding (its shape alone is used)
 */
export function reflectPad2dGradient(dy: Tensor, x: Tensor, padding: Padding): Tensor {
  return applyOne(op, [dy, x], padding);
}

/** Folds the two mirrored ends of one axis back onto it. */
function fold(target: OnnxTarget, dy: string, axis: number, before: number, after: number): string {
  if (before === 0 && after === 0) return dy;
  let sum = slice(target, dy, axis, before, after === 0 ? INT_MAX : -after);
  // The mirrored ends lie over pixels 1…before and size−1−after…size−2; where they overlap both are added.
  if (before > 0) sum = addAt(target, sum, reversed(target, dy, axis, before - 1, -INT_MAX), axis, 1, before);
  if (after > 0) sum = addAt(target, sum, reversed(target, dy, axis, -1, -after - 1), axis, -1 - after, after);
  return sum;
}

function slice(target: OnnxTarget, x: string, axis: number, start: number, end: number): string {
  return target.node('Slice', [x, target.ints([start]), target.ints([end]), target.ints([axis])]);
}

/** Elements `start` down to, without, `end`. */
function reversed(target: OnnxTarget, x: string, axis: number, start: number, end: number): string {
  return target.node('Slice', [x, target.ints([start]), target.ints([end]), target.ints([axis]), target.ints([-1])]);
}

/** Adds `part` (of `length`) to x from position `at` (negative: from the end), leaving the rest of x as it is. */
function addAt(target: OnnxTarget, x: string, part: string, axis: number, at: number, length: number): string {
  const stop = at + length === 0 ? INT_MAX : at + length;
  const head = slice(target, x, axis, 0, at);
  const middle = target.node('Add', [slice(target, x, axis, at, stop), part]);
  return target.node('Concat', [head, middle, slice(target, x, axis, stop, INT_MAX)], { axis });
}
