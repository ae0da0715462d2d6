import { type Binary, binary } from './elementwise.js';
import { sumTo } from './sum-to.js';

/** a · b with broadcasting. @throws ShapeError when the shapes do not broadcast. */
export const mul: Binary = binary('mul', 'Mul', ({ inputs: [a, b], upstream, needed }) => [
  needed[0] ? sumTo(mul(upstream[0]!, b!), a!) : undefined,
  needed[1] ? sumTo(mul(upstream[0]!, a!), b!) : undefined,
]);
