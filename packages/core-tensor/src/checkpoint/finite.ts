import type { TensorData } from '../graph/tensor-data.js';
import { UserError } from '../support/error.js';
import { quoted } from '../support/shown.js';

/**
 * Requires that every number of some tensors is finite; with a NaN in its weights, a network gives black pictures.
 * @throws UserError naming the file, the first tensor with NaN or an infinity, and how many of its numbers are so
 */
export function requireFinite(path: string, tensors: Iterable<[name: string, tensor: TensorData]>): void {
  for (const [name, { dtype, data, shape }] of tensors) {
    if (dtype !== 'float32') continue;
    let first = 0;
    while (first < data.length && Number.isFinite(data[first])) first++;
    if (first === data.length) continue;
    const count = data.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
    throw new UserError(
      `${path}: tensor ${quoted(name)} of [${shape}] contains ${data[first]} (${count} of its ${data.length} numbers ` +
        'are not finite); use weights that were saved before their training diverged',
    );
  }
}
