import type { Tensor } from '../graph/tensor.js';
import { unary } from './elementwise.js';

/** −x, elementwise. */
export const neg: (x: Tensor) => Tensor = unary('neg', 'Neg', ({ upstream }) => [neg(upstream[0]!)]);
