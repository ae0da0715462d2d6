import { abs, add, div, floor, greater, mean, mul, slice, sub, type Tensor, toFloat } from '@unweather/core-tensor';

/**
 * Converts bytes to [−1, 1] and back with the official code's error: v/127.5 − 1 in float32, then (x + 1)·127.5
 * truncated. Bytes 1 to 63 come out one lower.
 * @param x pictures in [0, 1] that come from bytes
 */
export function throughSigned(x: Tensor): Tensor {
  const bytes = floor(add(mul(x, 255), 0.5));
  const signed = sub(div(bytes, 127.5), 1);
  return floor(mul(add(signed, 1), 127.5));
}

/** OpenCV 4's grey of BGR bytes; the authors' version, 3.2, differs by 1 in a quarter percent of pixels. */
const GREY = { weights: [3735, 19235, 9798], half: 16384, divisor: 32768 } as const;

function greyOf(x: Tensor): Tensor {
  const bytes = throughSigned(x);
  const channel = (i: number) => mul(slice(bytes, 1, i, i + 1), GREY.weights[i]!);
  const weighted = add(add(channel(0), channel(1)), channel(2));
  const grey = floor(div(add(weighted, GREY.half), GREY.divisor));
  return sub(div(grey, 127.5), 1);
}

/** Absolute difference of each pixel's grey from the truth's, in [0, 2]: [N, 1, H, W]. */
export function greyDifference(degraded: Tensor, truth: Tensor): Tensor {
  return abs(sub(greyOf(degraded), greyOf(truth)));
}

/**
 * Makes the mask of the rain from a pair (official file utils.py): 1 where the grey differs by more than the picture's
 * average difference, else 0.
 * @param degraded [N, 3, H, W] BGR in [0, 1]
 * @param truth likewise
 */
export function targetMask(degraded: Tensor, truth: Tensor): Tensor {
  const difference = greyDifference(degraded, truth);
  return toFloat(greater(difference, mean(difference, [1, 2, 3])));
}
