import type { Pass } from './pass.js';
import { weightGradientProducts } from './weight-gradient-products.js';

/** All passes, in the order in which they are tried on a node. */
export const PASSES: readonly Pass[] = [weightGradientProducts];
