import type { Tensor } from '../graph/tensor.js';
import { add } from '../ops/add.js';
import { div } from '../ops/div.js';
import { mean } from '../ops/mean.js';
import { mul } from '../ops/mul.js';
import { reshape } from '../ops/reshape.js';
import { sqrt } from '../ops/sqrt.js';
import { sub } from '../ops/sub.js';
import { fill } from './initial.js';
import { Module, Parameter } from './module.js';

/** Subtracts the mean of each channel of each picture and divides by √(biased variance + epsilon); [N, C, H, W]. */
export function instanceNormal(x: Tensor, epsilon: number): Tensor {
  const centred = sub(x, mean(x, [2, 3]));
  const variance = mean(mul(centred, centred), [2, 3]);
  return div(centred, sqrt(add(variance, epsilon)));
}

/**
 * Instance normalisation as PyTorch's `nn.InstanceNorm2d` without running statistics, the same in training and in
 * evaluation. State, if affine: `weight`, `bias` [channels].
 */
export class InstanceNorm2d extends Module {
  readonly weight?: Parameter;
  readonly bias?: Parameter;

  constructor(
    channels: number,
    private readonly options: { readonly affine?: boolean; readonly epsilon?: number } = {},
  ) {
    super();
    if (options.affine !== true) return;
    this.weight = new Parameter([channels], fill(1));
    this.bias = new Parameter([channels], fill(0));
  }

  protected forward(x: Tensor): Tensor {
    const normal = instanceNormal(x, this.options.epsilon ?? 1e-5);
    if (this.weight === undefined || this.bias === undefined) return normal;
    const channels = [1, -1, 1, 1];
    return add(mul(normal, reshape(this.weight.tensor, channels)), reshape(this.bias.tensor, channels));
  }
}
