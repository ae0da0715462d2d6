import { applyOne, type Op, ShapeError } from '../graph/node.js';
import { asTensor, type Operand, type Tensor } from '../graph/tensor.js';
import { greater } from './compare.js';
import { mul } from './mul.js';
import { broadcastFields } from './receptive-fields.js';
import { broadcast } from './shapes.js';
import { sub } from './sub.js';
import { sumTo } from './sum-to.js';

/** ONNX's number of the boolean type. */
const BOOL = 9;

const op: Op = {
  name: 'where',
  infer([mask, a, b]) {
    const values = broadcast([a!, b!])[0]!;
    if (values.dtype !== 'float32') throw new ShapeError(`the values must be float32, got ${values.dtype}`);
    const { shape } = broadcast([mask!, values])[0]!;
    return [{ shape, dtype: 'float32' }];
  },
  receptiveField: broadcastFields,
  gradient({ inputs, upstream, needed }) {
    const [mask, a, b] = inputs as [Tensor, Tensor, Tensor];
    const chosen = greater(mul(mask, mask), 0);
    const dy = upstream[0]!;
    return [
      undefined,
      needed[1] ? sumTo(mul(dy, chosen), a) : undefined,
      needed[2] ? sumTo(mul(dy, sub(1, chosen)), b) : undefined,
    ];
  },
  onnx: (target, [mask, a, b]) => [target.node('Where', [target.node('Cast', [mask!], { to: BOOL }), a!, b!])],
  tfjs: (tf, [mask, a, b]) => [tf.where(tf.cast(mask!, 'bool'), a!, b!)],
};

/**
 * a where the mask is not 0, b where it is 0; all three broadcast. No gradient passes to the mask.
 * @throws ShapeError when the shapes do not broadcast
 */
export function where(mask: Tensor, a: Operand, b: Operand): Tensor {
  return applyOne(op, [mask, asTensor(a), asTensor(b)], undefined);
}
