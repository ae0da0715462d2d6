import { unary } from './elementwise.js';
import { mul } from './mul.js';
import { sub } from './sub.js';

/** 1 / (1 + e⁻ˣ), elementwise. */
export const sigmoid = unary('sigmoid', 'Sigmoid', ({ outputs: [y], upstream }) => [
  mul(upstream[0]!, mul(y!, sub(1, y!))),
]);
