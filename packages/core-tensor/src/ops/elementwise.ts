import { applyOne, type GradientContext, type Op } from '../graph/node.js';
import { asTensor, type Operand, type Tensor } from '../graph/tensor.js';
import type { TfjsTarget, TfTensor } from '../graph/tfjs-target.js';
import { broadcastFields } from './receptive-fields.js';
import { broadcast, same } from './shapes.js';

/** Names of TensorFlow.js functions on one and on two tensors. */
type Named<F> = { [Name in keyof TfjsTarget]: TfjsTarget[Name] extends F ? Name : never }[keyof TfjsTarget];
type TfUnary = Named<(x: TfTensor) => TfTensor>;
type TfBinary = Named<(a: TfTensor, b: TfTensor) => TfTensor>;
type Rule = (context: GradientContext<undefined>) => (Tensor | undefined)[];

/**
 * Makes an elementwise operation on one tensor, called `onnx` in ONNX and `name` in TensorFlow.js. Without a rule no
 * gradient passes.
 */
export function unary(name: TfUnary, onnx: string, gradient?: Rule): (x: Tensor) => Tensor {
  const op: Op<undefined> = {
    name,
    infer: same,
    receptiveField: 'pointwise',
    ...(gradient && { gradient }),
    onnx: (target, inputs) => [target.node(onnx, inputs)],
    tfjs: (tf, inputs) => [tf[name](inputs[0]!)],
  };
  return (x) => applyOne(op, [x], undefined);
}

/** A function of two tensors, or of a tensor and a number, that broadcast. */
export type Binary = (a: Operand, b: Operand) => Tensor;

/** Makes an elementwise operation on two tensors that broadcast, called `onnx` in ONNX and `name` in TensorFlow.js. */
export function binary(name: TfBinary, onnx: string, gradient: Rule): Binary {
  const op: Op<undefined> = {
    name,
    infer: broadcast,
    receptiveField: broadcastFields,
    gradient,
    onnx: (target, inputs) => [target.node(onnx, inputs)],
    tfjs: (tf, inputs) => [tf[name](inputs[0]!, inputs[1]!)],
  };
  return (a, b) => applyOne(op, [asTensor(a), asTensor(b)], undefined);
}
