import { grow } from '../graph/dim.js';
import { applyOne, expectRank, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
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
    const [n, c, height, width] = x.shape as [number, number, number, number];
    for (const [size, before, after] of [
      [height, padding.top, padding.bottom],
      [width, padding.left, padding.right],
    ])
      if (typeof size === 'number' && Math.max(before!, after!) >= size)
        throw new ShapeError(
          `a reflection of ${Math.max(before!, after!)} pixels needs a size above that, got ${size}`,
        );
    return [
      {
        shape: [n, c, grow(height, padding.top + padding.bottom), grow(width, padding.left + padding.right)],
        dtype: x.dtype,
      },
    ];
  },
  gradient: ({ inputs, attributes, upstream }) => [reflectPad2dGradient(upstream[0]!, inputs[0]!, attributes)],
  onnx: (target, inputs, { top, left, bottom, right }) => [
    target.node('Pad', [inputs[0]!, target.ints([0, 0, top, left, 0, 0, bottom, right])], { mode: 'reflect' }),
  ],
};

/**
 * Pads NCHW pictures by mirroring at the border; the border pixel itself is not repeated (PyTorch's ReflectionPad2d).
 * @throws ShapeError when a side is not larger than its padding.
 */
export function reflectPad2d(x: Tensor, padding: Padding): Tensor {
  return applyOne(op, [x], padding);
}
