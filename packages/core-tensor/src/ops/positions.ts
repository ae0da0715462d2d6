import { applyOne, type Op } from '../graph/node.js';
import { constant, type Tensor } from '../graph/tensor.js';
import { normalAxes } from './shapes.js';

const op: Op<{ readonly axis: number }> = {
  name: 'positions',
  infer: (inputs, { axis }) => [{ shape: [inputs[0]!.shape[axis]!], dtype: 'float32' }],
  receptiveField: 'unused',
  onnx(target, inputs, { axis }, node) {
    const shape = target.shapeOf(inputs[0]!, node.inputs[0]!);
    const size = target.node('Gather', [shape, target.constant([axis], [], 'int64')], { axis: 0 });
    const zero = target.constant([0], [], 'int64');
    const one = target.constant([1], [], 'int64');
    return [target.node('Cast', [target.node('Range', [zero, size, one])], { to: 1 })];
  },
  tfjs: (tf, [x], { axis }) => {
    const size = x!.shape[axis]!;
    return [
      tf.tensor(
        Float32Array.from({ length: size }, (_, i) => i),
        [size],
        'float32',
      ),
    ];
  },
};

/** Positions 0, 1, 2, … along an axis, float32 [size]: a constant if the size is known, else computed at run time. */
export function positions(x: Tensor, axis: number): Tensor {
  const at = normalAxes('positions', [axis], x.rank)[0]!;
  const size = x.shape[at]!;
  if (typeof size === 'string') return applyOne(op, [x], { axis: at });
  return constant(Float32Array.from({ length: size }, (_, i) => i));
}
