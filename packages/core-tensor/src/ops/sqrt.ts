import { div } from './div.js';
import { unary } from './elementwise.js';
import { mul } from './mul.js';

/** √x, elementwise, x ≥ 0; the gradient at 0 is infinite. */
export const sqrt = unary('sqrt', 'Sqrt', ({ outputs, upstream }) => [div(upstream[0]!, mul(outputs[0]!, 2))]);
