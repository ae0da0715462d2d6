import { l1 } from './l1.js';
import { ssim } from './ssim.js';
import { type WeightedLoss, weightedLoss } from './weighted.js';

/** Weighted sum of mean absolute difference and structural similarity; the weight of `ssim` is below 0. */
export function l1AndSsim(weights: { readonly l1: number; readonly ssim: number }): WeightedLoss {
  return weightedLoss(weights, (output, target) => ({ ssim: ssim(output, target), l1: l1(output, target) }));
}
