import { applyOne, expectRank, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { concat } from './concat.js';
import { padded } from './pad-shape.js';
import { slidingWindow } from './receptive-fields.js';
import { type Padding, tfjsTake } from './reflect-pad2d.js';
import { slice } from './slice.js';
import { sum } from './sum.js';

const nearest = (position: number, size: number) => Math.min(Math.max(position, 0), size - 1);

const op: Op<Padding> = {
  name: 'replicatePad2d',
  infer(inputs, padding) {
    expectRank(inputs[0]!, 4, 'the input');
    return [padded(inputs[0]!, padding)];
  },
  receptiveField: (padding) => slidingWindow([1, 1], { padding }),
  gradient({ inputs, attributes: { top, left, bottom, right }, upstream }) {
    const rows = fold(upstream[0]!, 2, top, bottom, inputs[0]!);
    return [fold(rows, 3, left, right, inputs[0]!)];
  },
  onnx: (target, inputs, { top, left, bottom, right }) => [
    target.node('Pad', [inputs[0]!, target.ints([0, 0, top, left, 0, 0, bottom, right])], { mode: 'edge' }),
  ],
  tfjs: (tf, inputs, { top, left, bottom, right }) => [
    tfjsTake(tf, tfjsTake(tf, inputs[0]!, 2, top, bottom, nearest), 3, left, right, nearest),
  ],
};

/** Pads NCHW pictures by repeating their border pixels (PyTorch's ReplicationPad2d). */
export function replicatePad2d(x: Tensor, padding: Padding): Tensor {
  return applyOne(op, [x], padding);
}

/** Adds the gradients of repeated pixels to the border pixels that they repeat. */
function fold(dy: Tensor, axis: number, before: number, after: number, like: Tensor): Tensor {
  if (before === 0 && after === 0) return dy;
  // An axis of one pixel is border on both sides.
  if (like.shape[axis] === 1) return sum(dy, [axis]);
  const end = after === 0 ? undefined : -after;
  const first = sum(slice(dy, axis, 0, before + 1), [axis]);
  const middle = slice(dy, axis, before, end);
  const last = sum(slice(dy, axis, -after - 1), [axis]);
  const size = like.shape[axis];
  if (size === 2) return concat([first, last], axis);
  return concat([first, slice(middle, axis, 1, -1), last], axis);
}
