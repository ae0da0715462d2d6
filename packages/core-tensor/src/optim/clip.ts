import { constant, type Tensor } from '../graph/tensor.js';
import { add } from '../ops/add.js';
import { clamp } from '../ops/clamp.js';
import { div } from '../ops/div.js';
import { mul } from '../ops/mul.js';
import { reshape } from '../ops/reshape.js';
import { sqrt } from '../ops/sqrt.js';
import { sum } from '../ops/sum.js';

/** PyTorch's guard against a norm of 0. */
const EPSILON = 1e-6;

/**
 * Scales gradients down together so that their common L2 norm is at most `limit` (PyTorch's `clip_grad_norm_`).
 * @returns the scaled gradients and their norm before scaling, a scalar
 */
export function clipByNorm(
  gradients: ReadonlyMap<string, Tensor>,
  limit: number,
): { clipped: Map<string, Tensor>; norm: Tensor } {
  const squares = [...gradients.values()].map((gradient) => reshape(sum(mul(gradient, gradient)), [1]));
  const norm = sqrt(squares.reduce((a, b) => add(a, b), constant([0], [1])));
  const factor = clamp(div(limit, add(norm, EPSILON)), 0, 1);
  const scalar = reshape(factor, []);
  return {
    clipped: new Map([...gradients].map(([name, gradient]) => [name, mul(gradient, scalar)])),
    norm: reshape(norm, []),
  };
}
