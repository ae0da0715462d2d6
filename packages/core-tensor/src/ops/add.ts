import { type Binary, binary } from './elementwise.js';
import { sumTo } from './sum-to.js';

/** a + b with broadcasting; float32 or int64. @throws ShapeError when the shapes do not broadcast. */
export const add: Binary = binary('add', 'Add', ({ inputs: [a, b], upstream, needed }) => [
  needed[0] ? sumTo(upstream[0]!, a!) : undefined,
  needed[1] ? sumTo(upstream[0]!, b!) : undefined,
]);
