import type { SsimWindow } from './ssim.js';

/** Means of a plane over a sliding window, at the places where the window lies wholly inside. */
export type LocalMean = (plane: Float64Array, width: number, height: number) => Float64Array;

const SIZE = 7;

/** scikit-image's default: 7×7, all pixels alike, sample statistics (factor 49/48). */
export const uniform7: SsimWindow = {
  size: SIZE,
  localMean: (plane, width, height) => boxMean(plane, width, height, SIZE),
  covarianceFactor: (SIZE * SIZE) / (SIZE * SIZE - 1),
};

const RADIUS = 5;
const SIGMA = 1.5;

/**
 * The window of the `pytorch_ssim` lineage: 11×11 Gaussian, σ 1.5 in float32, population statistics, **zeros** beyond the
 * border, so that the map is as large as the picture and its border darkened.
 */
export const gaussian11Zero: SsimWindow = {
  size: 1,
  localMean: (plane, width, height) => gaussianMean(plane, width, height, gaussian(Math.fround)),
  covarianceFactor: 1,
};

/**
 * The window of Wang's ssim_index.m, which MATLAB code of restoration papers runs, and of BasicSR: 11×11 Gaussian, σ 1.5,
 * population statistics, only where it lies wholly inside of the picture. scikit-image's `gaussian_weights=True, sigma=1.5,
 * use_sample_covariance=False`.
 */
export const gaussian11: SsimWindow = {
  size: 2 * RADIUS + 1,
  localMean: (plane, width, height) =>
    inside(
      gaussianMean(
        plane,
        width,
        height,
        gaussian((value) => value),
      ),
      width,
      height,
      RADIUS,
    ),
  covarianceFactor: 1,
};

/** The window's line. @param round to the precision in which a tool has it */
function gaussian(round: (value: number) => number): Float64Array {
  const bell = (i: number) => round(Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)));
  const line = Float64Array.from({ length: 2 * RADIUS + 1 }, (_, i) => bell(i));
  const sum = line.reduce((a, b) => a + b);
  return line.map((value) => round(value / sum));
}

/** A plane without its border. */
function inside(plane: Float64Array, width: number, height: number, border: number): Float64Array {
  const [across, down] = [width - 2 * border, height - 2 * border];
  const out = new Float64Array(across * down);
  for (let y = 0; y < down; y++) {
    const from = (y + border) * width + border;
    out.set(plane.subarray(from, from + across), y * across);
  }
  return out;
}

/** Along rows, then along columns; zeros beyond the border. */
function gaussianMean(plane: Float64Array, width: number, height: number, line: Float64Array): Float64Array {
  const along = (from: Float64Array, size: number, stride: number, place: (i: number) => number) => {
    const out = new Float64Array(from.length);
    for (let i = 0; i < from.length; i++) {
      const at = place(i);
      const [first, last] = [Math.max(-RADIUS, -at), Math.min(RADIUS, size - 1 - at)];
      for (let d = first; d <= last; d++) out[i]! += line[d + RADIUS]! * from[i + d * stride]!;
    }
    return out;
  };
  const rows = along(plane, width, 1, (i) => i % width);
  return along(rows, height, width, (i) => Math.floor(i / width));
}

/** Running sums along rows, then along columns: the cost does not depend on the window's size. */
function boxMean(plane: Float64Array, width: number, height: number, size: number): Float64Array {
  const across = width - size + 1;
  const down = height - size + 1;
  const rows = new Float64Array(across * height);
  for (let y = 0; y < height; y++) {
    let sum = 0;
    for (let x = 0; x < width; x++) {
      sum += plane[y * width + x]!;
      if (x >= size) sum -= plane[y * width + x - size]!;
      if (x >= size - 1) rows[y * across + x - size + 1] = sum;
    }
  }
  const means = new Float64Array(across * down);
  const sums = new Float64Array(across);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < across; x++) {
      sums[x]! += rows[y * across + x]!;
      if (y >= size) sums[x]! -= rows[(y - size) * across + x]!;
      if (y >= size - 1) means[(y - size + 1) * across + x] = sums[x]! / (size * size);
    }
  return means;
}
