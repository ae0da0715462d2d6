import { type Binary, binary } from './elementwise.js';
import { neg } from './neg.js';
import { sumTo } from './sum-to.js';

/** a − b with broadcasting. @throws ShapeError when the shapes do not broadcast. */
export const sub: Binary = binary('sub', 'Sub', ({ inputs: [a, b], upstream, needed }) => [
  needed[0] ? sumTo(upstream[0]!, a!) : undefined,
  needed[1] ? sumTo(neg(upstream[0]!), b!) : undefined,
]);
