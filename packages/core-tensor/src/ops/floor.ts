import { unary } from './elementwise.js';

/** The largest whole number not above x, elementwise. No gradient passes. */
export const floor = unary('floor', 'Floor');
