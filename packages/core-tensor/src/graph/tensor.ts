import type { Shape } from './dim.js';
import type { Node } from './node.js';

/** Type of a tensor's numbers. */
export type DType = 'float32' | 'int64';

/** Source of a symbolic tensor's values. */
export type Source =
  /** Fed at every run: a batch, a learning rate. */
  | { kind: 'input'; name: string }
  /** Named values that outlive a run: weights, running statistics, optimiser moments. */
  | { kind: 'state'; name: string }
  /** Values written into the graph, row-major. */
  | { kind: 'constant'; values: readonly number[] | Float32Array }
  | { kind: 'node'; node: Node; index: number };

/** A symbolic tensor: it stands for a computation and holds no numbers. Pictures are NCHW. */
export class Tensor {
  constructor(
    readonly shape: Shape,
    readonly dtype: DType,
    readonly source: Source,
  ) {}

  /** Number of dimensions. */
  get rank(): number {
    return this.shape.length;
  }
}

/** A tensor fed at every run. */
export function input(name: string, shape: Shape, dtype: DType = 'float32'): Tensor {
  return new Tensor(shape, dtype, { kind: 'input', name });
}

/** A tensor whose named values outlive a run. */
export function state(name: string, shape: Shape, dtype: DType = 'float32'): Tensor {
  return new Tensor(shape, dtype, { kind: 'state', name });
}

/** A tensor, or a number that stands for the scalar constant of its value. */
export type Operand = Tensor | number;

/** The tensor itself, or the constant that a number stands for. */
export function asTensor(operand: Operand): Tensor {
  return typeof operand === 'number' ? constant(operand) : operand;
}

/** Values written into the graph; one number makes a scalar. */
export function constant(values: number | readonly number[] | Float32Array, shape?: Shape, dtype: DType = 'float32') {
  const list = typeof values === 'number' ? [values] : values;
  return new Tensor(shape ?? (typeof values === 'number' ? [] : [values.length]), dtype, {
    kind: 'constant',
    values: list,
  });
}
