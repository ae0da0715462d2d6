import type { Tensor } from '../graph/tensor.js';
import { abs } from '../ops/abs.js';
import { mean } from '../ops/mean.js';
import { sub } from '../ops/sub.js';

/** Mean absolute difference over everything (PyTorch's `nn.L1Loss`); any equal shapes. */
export function l1(output: Tensor, target: Tensor): Tensor {
  return mean(abs(sub(output, target)));
}
