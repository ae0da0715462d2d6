import type { Tensor } from '../graph/tensor.js';
import { mean } from '../ops/mean.js';
import { mul } from '../ops/mul.js';
import { sub } from '../ops/sub.js';

/** Mean squared difference over everything (PyTorch's `nn.MSELoss`); any equal shapes. */
export function mse(output: Tensor, target: Tensor): Tensor {
  const difference = sub(output, target);
  return mean(mul(difference, difference));
}
