import { type Binary, binary } from './elementwise.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { sumTo } from './sum-to.js';

/** a / b with broadcasting. @throws ShapeError when the shapes do not broadcast. */
export const div: Binary = binary('div', 'Div', ({ inputs: [a, b], outputs, upstream, needed }) => [
  needed[0] ? sumTo(div(upstream[0]!, b!), a!) : undefined,
  needed[1] ? sumTo(neg(div(mul(upstream[0]!, outputs[0]!), b!)), b!) : undefined,
]);
