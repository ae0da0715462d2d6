import { unary } from './elementwise.js';
import { mul } from './mul.js';
import { sign } from './sign.js';

/** |x|, elementwise; the gradient at 0 is 0, as in PyTorch. */
export const abs = unary('abs', 'Abs', ({ inputs, upstream }) => [mul(upstream[0]!, sign(inputs[0]!))]);
