import { unary } from './elementwise.js';
import { mul } from './mul.js';
import { sign } from './sign.js';

/**
 * max(x, 0), elementwise; the gradient at 0 is 0, as in PyTorch. The sign of the result is the gradient's mask (1 where
 * x > 0, else 0): a multiplication costs a third of a Where.
 */
export const relu = unary('relu', 'Relu', ({ outputs, upstream }) => [mul(upstream[0]!, sign(outputs[0]!))]);
