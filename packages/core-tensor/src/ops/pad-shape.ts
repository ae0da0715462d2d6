import { grow } from '../graph/dim.js';
import type { Result } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import type { Padding } from './reflect-pad2d.js';

/** Shape of an NCHW picture with pixels added at its sides. */
export function padded({ shape, dtype }: Tensor, { top, left, bottom, right }: Padding): Result {
  const [n, c, height, width] = shape;
  return { shape: [n!, c!, grow(height!, top + bottom), grow(width!, left + right)], dtype };
}

/** Padding of an NCHW picture as widths of every axis, for `pad`. */
export function widthsOf({ top, left, bottom, right }: Padding): (readonly [number, number])[] {
  return [
    [0, 0],
    [0, 0],
    [top, bottom],
    [left, right],
  ];
}
