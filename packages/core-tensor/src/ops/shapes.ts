import { broadcastDim, type Shape } from '../graph/dim.js';
import { type Result, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';

/** Shape rule of elementwise operations on one tensor. */
export function same(inputs: readonly Tensor[]): Result[] {
  const { shape, dtype } = inputs[0]!;
  return [{ shape, dtype }];
}

/** Shape rule of elementwise operations on two tensors: NumPy broadcasting. */
export function broadcast(inputs: readonly Result[]): Result[] {
  const [a, b] = inputs as [Result, Result];
  if (a.dtype !== b.dtype) throw new ShapeError(`types differ, ${a.dtype} and ${b.dtype}`);
  const rank = Math.max(a.shape.length, b.shape.length);
  const shape = Array.from({ length: rank }, (_, axis) => {
    const size = broadcastDim(fromEnd(a.shape, rank - axis), fromEnd(b.shape, rank - axis));
    if (size === undefined) throw new ShapeError(`shapes do not broadcast, axis ${axis} differs`);
    return size;
  });
  return [{ shape, dtype: a.dtype }];
}

/** Axes counted from 0, sorted; negative ones count from the end. @throws ShapeError when out of range. */
export function normalAxes(op: string, axes: readonly number[], rank: number): number[] {
  return axes
    .map((axis) => {
      const normal = axis < 0 ? axis + rank : axis;
      if (!Number.isInteger(normal) || normal < 0 || normal >= rank)
        throw new ShapeError(`${op}: axis ${axis} does not exist in a tensor of ${rank} axes`);
      return normal;
    })
    .sort((a, b) => a - b);
}

function fromEnd(shape: Shape, position: number) {
  return shape[shape.length - position] ?? 1;
}
