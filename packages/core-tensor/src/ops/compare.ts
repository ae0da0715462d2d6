import { applyOne, type Op } from '../graph/node.js';
import { asTensor } from '../graph/tensor.js';
import type { TfjsTarget } from '../graph/tfjs-target.js';
import type { Binary } from './elementwise.js';
import { broadcastFields } from './receptive-fields.js';
import { broadcast } from './shapes.js';
import { detached } from './tfjs-detached.js';

/** Makes a comparison of two tensors that broadcast: 1 where it holds, else 0. */
function comparison(name: 'greater' | 'equal', onnx: string): Binary {
  const op: Op = {
    name,
    infer: (inputs) => [{ shape: broadcast(inputs)[0]!.shape, dtype: 'float32' }],
    receptiveField: broadcastFields,
    onnx: (target, inputs) => [target.node('Cast', [target.node(onnx, inputs)], { to: 1 })],
    tfjs: (tf: TfjsTarget, inputs) => [detached(tf, inputs, (a, b) => tf.cast(tf[name](a!, b!), 'float32'))],
  };
  return (a, b) => applyOne(op, [asTensor(a), asTensor(b)], undefined);
}

/** 1 where a > b, else 0; broadcasting. No gradient passes. @throws ShapeError when the shapes do not broadcast. */
export const greater = comparison('greater', 'Greater');
/** 1 where a = b, else 0; broadcasting. No gradient passes. @throws ShapeError when the shapes do not broadcast. */
export const equal = comparison('equal', 'Equal');
