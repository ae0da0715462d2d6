import type { Tensor } from '../graph/tensor.js';
import { div } from './div.js';
import { unary } from './elementwise.js';

/** Natural logarithm, elementwise, x > 0. */
export const log: (x: Tensor) => Tensor = unary('log', 'Log', ({ inputs, upstream }) => [
  div(upstream[0]!, inputs[0]!),
]);
