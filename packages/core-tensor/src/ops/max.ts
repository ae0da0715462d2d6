import type { Tensor } from '../graph/tensor.js';
import { argMax } from './arg-max.js';
import { gather } from './gather.js';
import { reshape } from './reshape.js';
import { normalAxes } from './shapes.js';
import { transpose } from './transpose.js';

/**
 * Largest value over some axes, all by default; the axes stay with size 1. Over [2, 3] it is global max pooling. The
 * gradient goes to the first of several equal largest values (PyTorch's `max(dim)` and `max_pool2d`).
 * @throws ShapeError when an axis does not exist
 */
export function max(x: Tensor, axes: readonly number[] = x.shape.map((_, axis) => axis)): Tensor {
  const over = normalAxes('max', axes, x.rank);
  if (over.length === 1) return largest(x, over[0]!);
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !over.includes(axis));
  const last = reshape(transpose(x, [...kept, ...over]), [...kept.map(() => 0), -1]);
  const ones = over.map(() => 1);
  const found = reshape(largest(last, kept.length), [...kept.map(() => 0), ...ones]);
  const order = [...kept, ...over];
  return transpose(
    found,
    order.map((_, axis) => order.indexOf(axis)),
  );
}

function largest(x: Tensor, axis: number): Tensor {
  return gather(x, axis, argMax(x, axis));
}
