import { expect } from 'vitest';
import type { TensorData } from './graph/tensor-data.js';

/** Expects two tensors to agree, relative to the largest absolute value of `theirs` (at least 1). */
export function expectNear(ours: TensorData, theirs: TensorData, tolerance: number): void {
  expect(ours.shape).toEqual(theirs.shape);
  const largest = Math.max(1, ...numbers(theirs).map(Math.abs));
  const worst = Math.max(0, ...numbers(theirs).map((value, i) => Math.abs(value - Number(ours.data[i]))));
  expect(worst / largest).toBeLessThan(tolerance);
}

function numbers({ data }: TensorData): number[] {
  return Array.from(data as ArrayLike<number | bigint>, Number);
}
