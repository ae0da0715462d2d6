import type { Channels } from './channels.js';

/**
 * Peak signal-to-noise ratio in dB: 10·log10(range² / MSE), the MSE over all pixels and channels in float64
 * (scikit-image's `peak_signal_noise_ratio`). Identical pictures give Infinity.
 * @param range the largest value a number can take: 255 for bytes, 1 for floats
 */
export function psnr(a: Channels, b: Channels, range: number): number {
  let sum = 0;
  let count = 0;
  for (const [index, plane] of a.planes.entries()) {
    const other = b.planes[index]!;
    for (let i = 0; i < plane.length; i++) sum += (plane[i]! - other[i]!) ** 2;
    count += plane.length;
  }
  return 10 * Math.log10(range ** 2 / (sum / count));
}
