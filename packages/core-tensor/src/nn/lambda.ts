import type { Tensor } from '../graph/tensor.js';
import { Module } from './module.js';

/** An operation without parameters as a member of a list of modules (`Sequential`'s ReLU). */
export class Lambda extends Module {
  constructor(private readonly operation: (x: Tensor) => Tensor) {
    super();
  }

  protected forward(x: Tensor): Tensor {
    return this.operation(x);
  }
}
