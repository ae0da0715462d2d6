import type { Channels, Plane } from './channels.js';

/**
 * Peak signal-to-noise ratio in dB: 10·log10(range² / MSE), the MSE over all pixels and channels in float64
 * (scikit-image's `peak_signal_noise_ratio`). Identical pictures give Infinity.
 * @param range the largest value a number can take: 255 for bytes, 1 for floats
 */
export function psnr(a: Channels, b: Channels, range: number): number {
  return 10 * Math.log10(range ** 2 / meanSquaredError(a, b));
}

/** Mean squared error over all pixels and channels. */
export function meanSquaredError(a: Channels, b: Channels): number {
  let sum = 0;
  for (const [index, plane] of a.planes.entries()) sum += squaredErrors(plane, b.planes[index]!);
  return sum / (a.width * a.height * a.planes.length);
}

function squaredErrors(a: Plane, b: Plane): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    sum += difference * difference;
  }
  return sum;
}
