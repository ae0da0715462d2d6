import { unary } from './elementwise.js';

/** −1, 0 or 1 by the sign of x, elementwise. No gradient passes. */
export const sign = unary('sign', 'Sign');
