import type { Tensor } from '../graph/tensor.js';
import { clamp } from './clamp.js';
import { div } from './div.js';
import { mul } from './mul.js';
import { sqrt } from './sqrt.js';
import { sum } from './sum.js';

/** The smallest normal float32, the least value under the root: the gradient at 0 is 0, as in PyTorch, not infinite. */
const LEAST = 2 ** -126;

/** √Σx² over some axes, all by default; the axes stay with size 1. Below 1e-19 the result is 1e-19. */
export function l2Norm(x: Tensor, axes?: readonly number[]): Tensor {
  return sqrt(clamp(sum(mul(x, x), axes), LEAST, Number.POSITIVE_INFINITY));
}

/** x / max(‖x‖₂, epsilon) along one axis (PyTorch's `functional.normalize`). */
export function l2Normalize(x: Tensor, axis: number, epsilon = 1e-12): Tensor {
  return div(x, clamp(l2Norm(x, [axis]), epsilon, Number.POSITIVE_INFINITY));
}
