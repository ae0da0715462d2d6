import type { Tensor } from '../graph/tensor.js';
import { add } from '../ops/add.js';
import { mul } from '../ops/mul.js';
import { stopGradient } from '../ops/stop-gradient.js';
import type { Vgg } from '../vgg/vgg.js';
import { mse } from './mse.js';

/**
 * Perceptual loss: squared differences of VGG features, weighted layer by layer, mean over everything of each layer. No
 * gradient passes to the target.
 * @param weights one per feature that the VGG returns
 */
export function perceptual(vgg: Vgg, output: Tensor, target: Tensor, weights: readonly number[]): Tensor {
  const [ours, theirs] = [vgg.apply(output), vgg.apply(target).map(stopGradient)];
  return weights.map((weight, i) => mul(mse(ours[i]!, theirs[i]!), weight)).reduce((a, b) => add(a, b));
}
