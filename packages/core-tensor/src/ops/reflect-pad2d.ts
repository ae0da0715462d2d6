import { applyOne, expectRank, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import type { TfjsTarget, TfTensor } from '../graph/tfjs-target.js';
import { padded } from './pad-shape.js';
import { slidingWindow } from './receptive-fields.js';
import { reflectPad2dGradient } from './reflect-pad2d-gradient.js';

/** Pixels added at each side of a picture. */
export interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

const op: Op<Padding> = {
  name: 'reflectPad2d',
  infer(inputs, padding) {
    const x = inputs[0]!;
    expectRank(x, 4, 'the input');
    const [, , height, width] = x.shape;
    for (const [size, reach] of [
      [height, Math.max(padding.top, padding.bottom)],
      [width, Math.max(padding.left, padding.right)],
    ] as const)
      if (typeof size === 'number' && reach >= size)
        throw new ShapeError(`a reflection of ${reach} pixels needs a size above that, got ${size}`);
    return [padded(x, padding)];
  },
  receptiveField: (padding) => slidingWindow([1, 1], { padding }),
  gradient: ({ inputs, attributes, upstream }) => [reflectPad2dGradient(upstream[0]!, inputs[0]!, attributes)],
  onnx: (target, inputs, { top, left, bottom, right }) => [
    target.node('Pad', [inputs[0]!, target.ints([0, 0, top, left, 0, 0, bottom, right])], { mode: 'reflect' }),
  ],
  tfjs: (tf, inputs, { top, left, bottom, right }) => {
    const rows = tfjsTake(tf, inputs[0]!, 2, top, bottom, mirrored);
    return [tfjsTake(tf, rows, 3, left, right, mirrored)];
  },
};

/**
 * Pads NCHW pictures by mirroring at the border; the border pixel itself is not repeated (PyTorch's ReflectionPad2d).
 * @throws ShapeError when a side is not larger than its padding.
 */
export function reflectPad2d(x: Tensor, padding: Padding): Tensor {
  return applyOne(op, [x], padding);
}

/** Position that a padded position mirrors, on an axis of `size`. */
function mirrored(position: number, size: number): number {
  if (position < 0) return -position;
  return position < size ? position : 2 * (size - 1) - position;
}

/** Pads one axis in TensorFlow.js by a gather, which it can differentiate, unlike its own mirrorPad. */
export function tfjsTake(
  tf: TfjsTarget,
  x: TfTensor,
  axis: number,
  before: number,
  after: number,
  place: (position: number, size: number) => number,
): TfTensor {
  const size = x.shape[axis]!;
  const places = Int32Array.from({ length: size + before + after }, (_, i) => place(i - before, size));
  return tf.gather(x, tf.tensor(places, [places.length], 'int32'), axis);
}
