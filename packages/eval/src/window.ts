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
export const gaussian11Zero: SsimWindow = { size: 1, localMean: gaussianMean, covarianceFactor: 1 };

const GAUSSIAN = (() => {
  const line = Float32Array.from({ length: 2 * RADIUS + 1 }, (_, i) =>
    Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = line.reduce((a, b) => a + b);
  return line.map((value) => value / sum);
})();

/** Along rows, then along columns. */
function gaussianMean(plane: Float64Array, width: number, height: number): Float64Array {
  const along = (from: Float64Array, size: number, stride: number, place: (i: number) => number) => {
    const out = new Float64Array(from.length);
    for (let i = 0; i < from.length; i++) {
      const at = place(i);
      const [first, last] = [Math.max(-RADIUS, -at), Math.min(RADIUS, size - 1 - at)];
      for (let d = first; d <= last; d++) out[i]! += GAUSSIAN[d + RADIUS]! * from[i + d * stride]!;
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
