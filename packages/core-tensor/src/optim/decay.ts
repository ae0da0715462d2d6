import type { Tensor } from '../graph/tensor.js';
import { add } from '../ops/add.js';
import { mul } from '../ops/mul.js';

/** Adds weight decay to a gradient: gradient + decay·parameter. */
export function decayed(gradient: Tensor, parameter: Tensor, decay: number): Tensor {
  return decay === 0 ? gradient : add(gradient, mul(parameter, decay));
}
