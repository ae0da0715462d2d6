import type { TensorData } from '../graph/tensor-data.js';
import { UserError } from '../support/error.js';
import { quoted } from '../support/shown.js';

/** Place of a number that is NaN or infinite. */
export interface NotFinite {
  /** Name of the tensor. */
  readonly name: string;
  readonly tensor: TensorData;
  /** Index of its first such number. */
  readonly at: number;
}

/** Finds the first tensor with NaN or an infinity; undefined if there is none. */
export function firstNotFinite(tensors: Iterable<[name: string, tensor: TensorData]>): NotFinite | undefined {
  for (const [name, tensor] of tensors) {
    const { dtype, data } = tensor;
    if (dtype !== 'float32') continue;
    let at = 0;
    while (at < data.length && Number.isFinite(data[at])) at++;
    if (at < data.length) return { name, tensor, at };
  }
  return undefined;
}

/**
 * Requires that every number of some tensors is finite; with a NaN in its weights, a network gives black pictures.
 * @throws UserError naming the file, the first tensor with NaN or an infinity, and how many of its numbers are so
 */
export function requireFinite(path: string, tensors: Iterable<[name: string, tensor: TensorData]>): void {
  const found = firstNotFinite(tensors);
  if (found === undefined) return;
  const { name, tensor, at } = found;
  const data = tensor.data as Float32Array;
  const count = data.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  throw new UserError(
    `${path}: tensor ${quoted(name)} of [${tensor.shape}] contains ${data[at]} (${count} of its ${data.length} numbers ` +
      'are not finite); use weights that were saved before their training diverged',
  );
}
