import type { DType } from './tensor.js';

/** The numbers of a tensor, row-major. */
export type TensorData =
  | { readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> }
  | { readonly dtype: 'int64'; readonly shape: readonly number[]; readonly data: BigInt64Array<ArrayBuffer> };

/** Named tensors: weights, running statistics, optimiser moments. Insertion order is the order of a state_dict. */
export type State = Map<string, TensorData>;

/** float32 numbers with their shape. */
export function float32(data: Float32Array<ArrayBuffer>, shape: readonly number[]): TensorData {
  return { dtype: 'float32', shape, data };
}

/** A tensor of zeros. */
export function zeros(shape: readonly number[], dtype: DType = 'float32'): TensorData {
  const count = elements(shape);
  return dtype === 'float32'
    ? { dtype, shape, data: new Float32Array(count) }
    : { dtype, shape, data: new BigInt64Array(count) };
}

/** Number of elements in a shape; 1 for a scalar. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Copies a tensor into memory of its own. */
export function copied(tensor: TensorData): TensorData {
  return tensor.dtype === 'float32'
    ? { ...tensor, data: tensor.data.slice() }
    : { ...tensor, data: tensor.data.slice() };
}
