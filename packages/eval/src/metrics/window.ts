/** The part of SSIM in which dialects differ. */
export interface SsimWindow {
  /** Pixels a side; odd, and 11 where there are weights. */
  readonly size: number;
  /**
   * Equal weights for all pixels; or weights along rows and columns: the middle's, then those of the neighbours one to
   * five away. The middle's plus twice the others' is 1.
   */
  readonly weights: 'uniform' | readonly number[];
  /** Padding beyond the border: none, so that windows lie inside; zeros; or the pixels of the border, repeated. */
  readonly border: 'inside' | 'zeros' | 'repeated';
  /** Factor of variances and covariances: n/(n − 1) for sample statistics, 1 for population ones. */
  readonly covarianceFactor: number;
}

/** scikit-image's default: 7×7, equal weights, sample statistics (factor 49/48), inside the picture only. */
export const uniform7: SsimWindow = { size: 7, weights: 'uniform', border: 'inside', covarianceFactor: 49 / 48 };

/**
 * The window of Wang's ssim_index.m, which MATLAB code of restoration papers runs, and of BasicSR: 11×11 Gaussian,
 * σ 1.5, population statistics, only where it lies wholly inside the picture. In scikit-image:
 * `gaussian_weights=True, sigma=1.5, use_sample_covariance=False`.
 */
export const gaussian11: SsimWindow = {
  size: 11,
  weights: gaussian((value) => value),
  border: 'inside',
  covarianceFactor: 1,
};

/**
 * The window of the `pytorch_ssim` lineage: 11×11 Gaussian, σ 1.5 in float32, population statistics, **zeros** beyond
 * the border, so that the map is as large as the picture and darker at its border.
 */
export const gaussian11Zero: SsimWindow = { ...gaussian11, weights: gaussian(Math.fround), border: 'zeros' };

/** The window of MATLAB's own `ssim` (`imgaussfilt` with its default padding): the border's pixels are repeated. */
export const gaussian11Repeated: SsimWindow = { ...gaussian11, border: 'repeated' };

/** Half of the window's weights, from the middle. @param round rounds to the precision that a tool uses */
function gaussian(round: (value: number) => number): number[] {
  const bell = Array.from({ length: 11 }, (_, i) => round(Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2))));
  const sum = round(bell.reduce((a, b) => a + b));
  return bell.slice(5).map((value) => round(value / sum));
}
