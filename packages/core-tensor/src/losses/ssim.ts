import { known } from '../graph/node.js';
import { constant, type Tensor } from '../graph/tensor.js';
import { add } from '../ops/add.js';
import { conv2d, square } from '../ops/conv2d.js';
import { div } from '../ops/div.js';
import { mean } from '../ops/mean.js';
import { mul } from '../ops/mul.js';
import { sub } from '../ops/sub.js';

const SIZE = 11;
const SIGMA = 1.5;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/**
 * Structural similarity as a differentiable value, after the pytorch_ssim module that DuRN and many others train with:
 * 11×11 Gaussian window (σ 1.5), each channel by itself, **zero padding** of 5 (which darkens the border), value
 * range 1, mean over everything. Not the SSIM that papers report: that one is in the eval package.
 * @param a [N, C, H, W], nominally in [0, 1]; not clamped
 * @param b likewise
 * @returns [1, 1, 1, 1]; 1 for equal pictures
 */
export function ssim(a: Tensor, b: Tensor): Tensor {
  const channels = known(a.shape[1]!, 'the number of channels');
  const window = constant(gaussianWindow(channels), [channels, 1, SIZE, SIZE]);
  const blur = (x: Tensor) => conv2d(x, window, undefined, { padding: square((SIZE - 1) / 2), groups: channels });
  const meanA = blur(a);
  const meanB = blur(b);
  const meanAA = mul(meanA, meanA);
  const meanBB = mul(meanB, meanB);
  const meanAB = mul(meanA, meanB);
  const varianceA = sub(blur(mul(a, a)), meanAA);
  const varianceB = sub(blur(mul(b, b)), meanBB);
  const covariance = sub(blur(mul(a, b)), meanAB);
  const above = mul(add(mul(meanAB, 2), C1), add(mul(covariance, 2), C2));
  const below = mul(add(add(meanAA, meanBB), C1), add(add(varianceA, varianceB), C2));
  return mean(div(above, below));
}

/** Gaussian window per channel; its 1-D factor is rounded to float32 before the outer product, as in the original. */
function gaussianWindow(channels: number): Float32Array {
  const bell = Float32Array.from({ length: SIZE }, (_, i) => Math.exp(-((i - (SIZE - 1) / 2) ** 2) / (2 * SIGMA ** 2)));
  const total = Math.fround(bell.reduce((a, b) => Math.fround(a + b), 0));
  const line = bell.map((value) => value / total);
  return Float32Array.from(
    { length: channels * SIZE * SIZE },
    (_, i) => line[Math.floor(i / SIZE) % SIZE]! * line[i % SIZE]!,
  );
}
