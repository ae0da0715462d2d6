import { readFileSync } from 'node:fs';
import type { Gaussian } from './distance.js';

let model: Gaussian | undefined;

/**
 * Distribution of the features of undistorted photographs: the authors' parameters (models/niqe.json, with their
 * licence; the covariance row by row, from the diagonal on).
 */
export function pristineModel(): Gaussian {
  if (model === undefined) {
    const text = readFileSync(new URL('../../../models/niqe.json', import.meta.url), 'utf8');
    const { mean, covariance: upper } = JSON.parse(text) as { mean: number[]; covariance: number[] };
    const place = (j: number, k: number) => j * mean.length - (j * (j + 1)) / 2 + k;
    const covariance = mean.map((_, j) => mean.map((_, k) => upper[place(Math.min(j, k), Math.max(j, k))]!));
    model = { mean, covariance };
  }
  return model;
}
