import { unary } from './elementwise.js';
import { mul } from './mul.js';
import { sub } from './sub.js';

/** Hyperbolic tangent, elementwise. */
export const tanh = unary('tanh', 'Tanh', ({ outputs: [y], upstream }) => [mul(upstream[0]!, sub(1, mul(y!, y!)))]);
