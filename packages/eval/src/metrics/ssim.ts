import { UserError } from '@unweather/core-tensor';
import type { Channels } from './channels.js';
import type { LocalMean } from './window.js';

const K1 = 0.01;
const K2 = 0.03;

/** The part of SSIM in which dialects differ. */
export interface SsimWindow {
  /** Pixels a side. */
  readonly size: number;
  /** Means over the window at every place where it lies inside the picture. */
  readonly localMean: LocalMean;
  /** What variances and covariances are multiplied by: n/(n − 1) for sample statistics, 1 for population ones. */
  readonly covarianceFactor: number;
}

/**
 * Structural similarity (Wang et al. 2004; K1 0.01, K2 0.03): the mean over the window's places and over channels, in
 * float64. With {@link uniform7} it is scikit-image's `structural_similarity` with its defaults.
 * @param range the largest value a number can take: 255 for bytes, 1 for floats
 * @throws UserError when the picture is smaller than the window
 */
export function ssim(a: Channels, b: Channels, range: number, window: SsimWindow): number {
  const { width, height } = a;
  if (Math.min(width, height) < window.size)
    throw new UserError(
      `SSIM's window is ${window.size}×${window.size}, the picture ${width}×${height}; use a larger picture`,
    );
  const scores = a.planes.map((plane, index) => planeSsim(plane, b.planes[index]!, width, height, range, window));
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function planeSsim(
  x: Float64Array,
  y: Float64Array,
  width: number,
  height: number,
  range: number,
  { localMean, covarianceFactor }: SsimWindow,
): number {
  const over = (value: (i: number) => number) =>
    localMean(
      Float64Array.from(x, (_, i) => value(i)),
      width,
      height,
    );
  const meanX = localMean(x, width, height);
  const meanY = localMean(y, width, height);
  const meanXX = over((i) => x[i]! * x[i]!);
  const meanYY = over((i) => y[i]! * y[i]!);
  const meanXY = over((i) => x[i]! * y[i]!);
  const c1 = (K1 * range) ** 2;
  const c2 = (K2 * range) ** 2;
  let sum = 0;
  for (let i = 0; i < meanX.length; i++) {
    const mx = meanX[i]!;
    const my = meanY[i]!;
    const varianceX = covarianceFactor * (meanXX[i]! - mx * mx);
    const varianceY = covarianceFactor * (meanYY[i]! - my * my);
    const covariance = covarianceFactor * (meanXY[i]! - mx * my);
    sum += ((2 * mx * my + c1) * (2 * covariance + c2)) / ((mx * mx + my * my + c1) * (varianceX + varianceY + c2));
  }
  return sum / meanX.length;
}
