import type { Tensor } from '../graph/tensor.js';
import { unary } from './elementwise.js';
import { mul } from './mul.js';

/** eˣ, elementwise. */
export const exp: (x: Tensor) => Tensor = unary('exp', 'Exp', ({ outputs, upstream }) => [
  mul(upstream[0]!, outputs[0]!),
]);
