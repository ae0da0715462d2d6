import { add, avgPool2d, mul, type Tensor } from '@unweather/core-tensor';
import type { Pyramid } from '../../networks/decoder.js';
import { l2 } from './sums.js';

/** Weights of the four sizes, largest first. */
const WEIGHTS = [1, 0.8, 0.6, 0.4] as const;

/**
 * Resizes a picture to the sizes of a pyramid. TensorFlow 1's bilinear resizing by a whole factor takes every second,
 * fourth and eighth pixel, without averaging.
 */
export function pyramidOf(picture: Tensor): Pyramid {
  const every = (factor: number) => avgPool2d(picture, 1, { stride: factor });
  return { full: picture, half: every(2), quarter: every(4), eighth: every(8) };
}

/** Errors of four sizes, weighted 1, 0.8, 0.6 and 0.4 (DR_Loss); each a sum. */
export function pyramidLoss(
  got: Pyramid,
  wanted: Pyramid,
): { readonly sizes: readonly Tensor[]; readonly total: Tensor } {
  const names = ['full', 'half', 'quarter', 'eighth'] as const;
  const sizes = names.map((name, i) => mul(l2(got[name], wanted[name]), WEIGHTS[i]!));
  return { sizes, total: sizes.reduce((a, b) => add(a, b)) };
}
