import type { Tensor } from '../graph/tensor.js';
import { reshapeLike } from './reshape.js';
import { sum } from './sum.js';

/** The gradient of broadcasting: sums the axes along which `like` was repeated, back to its shape. */
export function sumTo(x: Tensor, like: Tensor): Tensor {
  const lead = x.rank - like.rank;
  const axes: number[] = [];
  for (const [axis, size] of x.shape.entries()) {
    const original = axis < lead ? 1 : like.shape[axis - lead];
    if (original === 1 && size !== 1) axes.push(axis);
  }
  const summed = axes.length === 0 ? x : sum(x, axes);
  return lead === 0 ? summed : reshapeLike(summed, like);
}
