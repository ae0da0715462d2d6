import { applyOne, known, type Op } from '../graph/node.js';
import type { OnnxTarget } from '../graph/onnx-target.js';
import { constant, type Tensor } from '../graph/tensor.js';
import { add } from './add.js';
import { indexSelect } from './index-select.js';
import { pad } from './pad.js';
import type { Padding } from './reflect-pad2d.js';
import { slice } from './slice.js';

const INT_MAX = 2 ** 31 - 1;

const op: Op<Padding> = {
  name: 'reflectPad2dGradient',
  infer: (inputs) => [{ shape: inputs[1]!.shape, dtype: inputs[1]!.dtype }],
  receptiveField: 'whole',
  // WebGPU's Slice is wrong with negative steps.
  faultyOn: ['webgpu'],
  decompose([dy, x], { top, left, bottom, right }) {
    return [folded(folded(dy!, x!, 2, top, bottom), x!, 3, left, right)];
  },
  onnx(target, inputs, { top, left, bottom, right }) {
    const rows = fold(target, inputs[0]!, 2, top, bottom);
    return [fold(target, rows, 3, left, right)];
  },
};

/**
 * Gradient of {@link reflectPad2d}: every mirrored pixel's gradient is added to the pixel it was copied from.
 * @param dy gradient with respect to the padded picture, NCHW
 * @param x the picture before padding (only its shape is used)
 */
export function reflectPad2dGradient(dy: Tensor, x: Tensor, padding: Padding): Tensor {
  return applyOne(op, [dy, x], padding);
}

/** Folds the two mirrored ends of one axis back onto it. */
function fold(target: OnnxTarget, dy: string, axis: number, before: number, after: number): string {
  if (before === 0 && after === 0) return dy;
  let sum = cut(target, dy, axis, before, after === 0 ? INT_MAX : -after);
  // The mirrored ends belong to pixels 1…before and size−1−after…size−2; where they overlap, both are added.
  if (before > 0) sum = addAt(target, sum, reversed(target, dy, axis, before - 1, -INT_MAX), axis, 1, before);
  if (after > 0) sum = addAt(target, sum, reversed(target, dy, axis, -1, -after - 1), axis, -1 - after, after);
  return sum;
}

function cut(target: OnnxTarget, x: string, axis: number, start: number, end: number): string {
  return target.node('Slice', [x, target.ints([start]), target.ints([end]), target.ints([axis])]);
}

/** Elements from `start` down to `end` (exclusive), in that order. */
function reversed(target: OnnxTarget, x: string, axis: number, start: number, end: number): string {
  return target.node('Slice', [x, target.ints([start]), target.ints([end]), target.ints([axis]), target.ints([-1])]);
}

/** Adds `part` (of `length`) to x from position `at` (negative: from the end), leaving the rest of x as it is. */
function addAt(target: OnnxTarget, x: string, part: string, axis: number, at: number, length: number): string {
  const stop = at + length === 0 ? INT_MAX : at + length;
  const head = cut(target, x, axis, 0, at);
  const middle = target.node('Add', [cut(target, x, axis, at, stop), part]);
  return target.node('Concat', [head, middle, cut(target, x, axis, stop, INT_MAX)], { axis });
}

/** Does the same as `fold`, with other operations. */
function folded(dy: Tensor, like: Tensor, axis: 2 | 3, before: number, after: number): Tensor {
  const size = known(like.shape[axis]!, 'the size of a picture under a reflection');
  const mirrored = (part: Tensor, count: number, at: number) => {
    const reversed = Array.from({ length: count }, (_, i) => count - 1 - i);
    const turned = indexSelect(part, axis, constant(reversed, [count], 'int64'));
    return pad(
      turned,
      turned.shape.map((_, i): [number, number] => (i === axis ? [at, size - at - count] : [0, 0])),
    );
  };
  let sum = slice(dy, axis, before, after === 0 ? undefined : -after);
  if (before > 0) sum = add(sum, mirrored(slice(dy, axis, 0, before), before, 1));
  if (after > 0) sum = add(sum, mirrored(slice(dy, axis, -after), after, size - 1 - after));
  return sum;
}
