import type { Tensor } from '../graph/tensor.js';
import { prelu } from '../ops/prelu.js';
import { fill } from './initial.js';
import { Module, Parameter } from './module.js';

/** A rectifier whose slope below 0 is learnt, as PyTorch's `nn.PReLU`; state: `weight` [1] or [channels]. */
export class PReLU extends Module {
  readonly weight: Parameter;

  constructor(slopes = 1, initial = 0.25) {
    super();
    this.weight = new Parameter([slopes], fill(initial));
  }

  protected forward(x: Tensor): Tensor {
    return prelu(x, this.weight.tensor);
  }
}
