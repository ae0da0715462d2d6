import { createHash } from 'node:crypto';
import { show } from '../graph/dim.js';
import type { State } from '../graph/tensor-data.js';
import type { Parameter } from '../nn/module.js';
import {
  type Checkpoint,
  checkpointOf,
  FORMAT,
  networkNamedIn,
  type Progress,
  type ReadOptions,
  recipeIn,
} from './held-against.js';
import { readPyTorch } from './pytorch/read.js';
import { readMetadata, readSafetensors, writeSafetensors } from './safetensors.js';

/** Writes a checkpoint as .safetensors, whole or not at all. @throws UserError naming the file. */
export async function writeCheckpoint(
  path: string,
  network: string,
  state: State,
  { step, seed, recipe }: Progress,
): Promise<void> {
  const metadata = { format: FORMAT, network, step: `${step}`, seed: `${seed}`, recipe: JSON.stringify(recipe) };
  await writeSafetensors(path, { tensors: state, metadata });
}

/**
 * Reads the network name of a checkpoint of ours; undefined for other files.
 * @throws UserError when it cannot be read
 */
export async function networkOf(path: string): Promise<string | undefined> {
  return isPyTorch(path) ? undefined : networkNamedIn(await readMetadata(path));
}

/**
 * Reads the recipe of the run that wrote a checkpoint of ours, without its tensors; undefined for other files.
 * @throws UserError when it cannot be read
 */
export async function readRecipe(path: string): Promise<unknown> {
  return isPyTorch(path) ? undefined : recipeIn(await readMetadata(path));
}

/** True if a file's name has an ending of those that `torch.save` writes. */
export function isPyTorch(path: string): boolean {
  return /\.(pth|pt|pk|pkl|tar)$/i.test(path);
}

/**
 * Reads a checkpoint and validates it against its network. Plain .safetensors files of weights are read too, and
 * PyTorch's own (.pth, .pt, .pk, .tar), where a missing `num_batches_tracked` counts as 0.
 * @param network name that the checkpoint must have, if it names a network
 * @throws UserError naming the file and the first tensor that is missing, left over or of another shape
 */
export async function readCheckpoint(
  path: string,
  network: string,
  parameters: ReadonlyMap<string, Parameter>,
  { unused }: ReadOptions = {},
): Promise<Checkpoint> {
  const pytorch = isPyTorch(path);
  const file = pytorch ? { tensors: await readPyTorch(path), metadata: {} } : await readSafetensors(path);
  return checkpointOf(file, { path, network, parameters, unused, pytorch });
}

/** SHA-256 of a network's weights (names, shapes and bytes in state_dict order), in hexadecimal. */
export function hashOfWeights(weights: State): string {
  const hash = createHash('sha256');
  for (const [name, { dtype, shape, data }] of weights) {
    hash.update(`${name} ${dtype} ${show(shape)}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
