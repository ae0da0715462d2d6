import { readFileSync } from 'node:fs';

/** Support vector regression with a Gaussian kernel, as LIBSVM writes it. */
interface Regression {
  readonly gamma: number;
  readonly rho: number;
  /** Least and greatest value of each feature, which are scaled to −1 and 1. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Weight of each support vector. */
  readonly weights: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

let model: Regression | undefined;

/**
 * Score that the authors' regression gives features: models/brisque.json, the `allmodel` and `allrange` of the LIVE
 * release, with their licence.
 */
export function predicted(features: readonly number[]): number {
  model ??= JSON.parse(readFileSync(new URL('../../../models/brisque.json', import.meta.url), 'utf8')) as Regression;
  const { gamma, rho, ranges, weights, vectors } = model;
  const scaled = features.map((value, i) => {
    const [least, most] = ranges[i]!;
    return (2 * (value - least)) / (most - least) - 1;
  });
  const kernel = (vector: readonly number[]) =>
    Math.exp(-gamma * vector.reduce((sum, value, i) => sum + (value - scaled[i]!) ** 2, 0));
  return vectors.reduce((sum, vector, i) => sum + weights[i]! * kernel(vector), -rho);
}
