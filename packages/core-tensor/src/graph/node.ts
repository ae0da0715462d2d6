import { UserError } from '../support/error.js';
import type { Device } from './device.js';
import { type Dim, type Shape, show } from './dim.js';
import type { OnnxTarget } from './onnx-target.js';
import type { ReceptiveField } from './receptive-field.js';
import { type DType, Tensor } from './tensor.js';
import type { TfjsTarget, TfTensor } from './tfjs-target.js';
import { currentPath } from './trace.js';

/** Shape and type of one result of an operation. */
export interface Result {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Arguments of a gradient rule. */
export interface GradientContext<A> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: A;
  /** Gradient with respect to each output; undefined where an output does not reach the loss. */
  readonly upstream: readonly (Tensor | undefined)[];
  /** True for each input that needs a gradient; a rule may leave the others undefined. */
  readonly needed: readonly boolean[];
}

interface Definition<A> {
  readonly name: string;
  infer(inputs: readonly Tensor[], attributes: A): Result[];
  readonly receptiveField: ReceptiveField<A>;
  /** Gradient rule; absent if no gradient passes through. */
  gradient?(context: GradientContext<A>): (Tensor | undefined)[];
  /** Writes ONNX nodes for one use of the operation and returns the names of its results. */
  onnx(target: OnnxTarget, inputs: readonly string[], attributes: A, node: Node): string[];
  /** Runs it in TensorFlow.js, which differentiates by itself; absent on operations that only gradients use. */
  tfjs?(tf: TfjsTarget, inputs: readonly TfTensor[], attributes: A, node: Node): TfTensor[];
}

interface Decomposition<A> {
  /** Computes the same values with other operations, for engines that lack this one and for gradients. */
  decompose(inputs: readonly Tensor[], attributes: A): Tensor[];
  /** Devices that lack the operation or compute it wrongly; on them its decomposition is lowered instead. */
  readonly faultyOn: readonly Device[];
}

/**
 * One operation, with everything specific to it: its shape rule, its receptive field, its gradient rule written in
 * other operations, and its lowerings. An operation with `decompose` needs no gradient rule and no TensorFlow.js
 * lowering, and lists the devices on which it must be decomposed.
 */
export type Op<A = unknown> = Definition<A> & (Decomposition<A> | { decompose?: never; faultyOn?: never });

/** One use of an operation in a graph. */
export interface Node {
  readonly op: Op;
  readonly inputs: readonly Tensor[];
  readonly attributes: unknown;
  readonly outputs: readonly Tensor[];
  /** Path of the module that was running when the node was recorded ("block1.conv1"), or "". */
  readonly path: string;
}

/** Shapes that do not fit together; the message names the operation, the layer and the shapes. */
export class ShapeError extends UserError {}

/** Records one use of an operation. @throws ShapeError when its shape rule rejects the inputs. */
export function applyOp<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor[] {
  const path = currentPath();
  let results: Result[];
  try {
    results = op.infer(inputs, attributes);
  } catch (thrown) {
    if (!(thrown instanceof ShapeError)) throw thrown;
    const shapes = inputs.map((t) => show(t.shape)).join(', ');
    const where = path === '' ? '' : ` in ${path}`;
    throw new ShapeError(`${op.name}${where}: ${thrown.message} (inputs ${shapes})`);
  }
  const outputs: Tensor[] = [];
  const node: Node = { op: op as Op, inputs, attributes, outputs, path };
  for (const [index, { shape, dtype }] of results.entries())
    outputs.push(new Tensor(shape, dtype, { kind: 'node', node, index }));
  return outputs;
}

/** Records an operation with one result. */
export function applyOne<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  return applyOp(op, inputs, attributes)[0]!;
}

/** The size of an axis as a number. @throws ShapeError where it is symbolic. */
export function known(size: Dim, what: string): number {
  if (typeof size === 'number') return size;
  throw new ShapeError(`${what} must be known, got "${size}"`);
}

/** @throws ShapeError unless the tensor has `rank` axes. */
export function expectRank(tensor: Tensor, rank: number, what: string): void {
  if (tensor.rank !== rank) throw new ShapeError(`${what} must have ${rank} axes, got ${show(tensor.shape)}`);
}
