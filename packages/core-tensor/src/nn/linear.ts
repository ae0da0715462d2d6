import type { Tensor } from '../graph/tensor.js';
import { add } from '../ops/add.js';
import { matmul } from '../ops/matmul.js';
import { transpose } from '../ops/transpose.js';
import { fanIn } from './initial.js';
import { Module, Parameter } from './module.js';

/** x·Wᵀ + b as PyTorch's `nn.Linear`, [N, in] → [N, out]; state: `weight` [out, in] and, if present, `bias` [out]. */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;

  constructor(inFeatures: number, outFeatures: number, { bias = true }: { readonly bias?: boolean } = {}) {
    super();
    const initial = fanIn(inFeatures);
    this.weight = new Parameter([outFeatures, inFeatures], initial);
    if (bias) this.bias = new Parameter([outFeatures], initial);
  }

  protected forward(x: Tensor): Tensor {
    const y = matmul(x, transpose(this.weight.tensor, [1, 0]));
    return this.bias === undefined ? y : add(y, this.bias.tensor);
  }
}
