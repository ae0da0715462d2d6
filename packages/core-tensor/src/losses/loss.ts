import type { Tensor } from '../graph/tensor.js';

/** The terms of a loss; `total` is minimised. Each has one element. */
export type LossTerms = Readonly<Record<string, Tensor>> & { readonly total: Tensor };

/**
 * A loss of the restored against the true pictures; some look at the degraded ones too. Weights of other networks that
 * it uses (VGG, teachers) are state of theirs: they are not trained.
 */
export type Loss = (output: Tensor, target: Tensor, degraded: Tensor) => LossTerms;
