import type { Device } from './device.js';
import type { DType, Tensor } from './tensor.js';

export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/**
 * Model that a lowering writes to. Operations receive it as an argument and import no runtime, so a bundle carries only
 * the engine it uses. An integer attribute is a plain number; a float is `{ float: 0.5 }`.
 */
export interface OnnxTarget {
  /** Device that the model will run on; lowerings work around faulty kernels of some devices. */
  readonly device: Device;
  /** Adds a node with one result and returns the result's name. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    domain?: string,
  ): string;
  /** Adds a node with several results and returns their names. */
  results(
    count: number,
    opType: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): string[];
  /** Adds a constant and returns its name. Equal small constants are shared. */
  constant(values: readonly number[] | Float32Array, shape: readonly number[], dtype?: DType): string;
  /** Adds a 1-D int64 constant (axes, shapes, starts) and returns its name. */
  ints(values: readonly number[]): string;
  /** Returns the name of a tensor's run-time shape, a 1-D int64 tensor; a constant if fully known. */
  shapeOf(name: string, tensor: Tensor): string;
}
