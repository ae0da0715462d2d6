import { applyOne, type GradientContext, type Op } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { broadcast, same } from './shapes.js';

type Rule = (context: GradientContext<undefined>) => (Tensor | undefined)[];

/** An elementwise operation on one tensor that ONNX has under the name `onnx`; without a rule no gradient passes. */
export function unary(name: string, onnx: string, gradient?: Rule): (x: Tensor) => Tensor {
  const op: Op<undefined> = {
    name,
    infer: same,
    ...(gradient && { gradient }),
    onnx: (target, inputs) => [target.node(onnx, inputs)],
  };
  return (x) => applyOne(op, [x], undefined);
}

/** An elementwise operation on two tensors that broadcast, which ONNX has under the name `onnx`. */
export function binary(name: string, onnx: string, gradient: Rule): (a: Tensor, b: Tensor) => Tensor {
  const op: Op<undefined> = {
    name,
    infer: broadcast,
    gradient,
    onnx: (target, inputs) => [target.node(onnx, inputs)],
  };
  return (a, b) => applyOne(op, [a, b], undefined);
}
