import type { Tensor } from '../graph/tensor.js';

/** The terms of a loss; `total` is minimised. Each has one element. */
export type LossTerms = Readonly<Record<string, Tensor>> & { readonly total: Tensor };

/**
 * A loss between the restored and the true pictures; some losses use the degraded ones too. Other networks that it uses
 * (VGG, teachers) keep their weights in their own state: they are not trained.
 */
export type Loss = (output: Tensor, target: Tensor, degraded: Tensor) => LossTerms;
