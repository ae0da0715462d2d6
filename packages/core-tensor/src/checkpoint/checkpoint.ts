import { createHash } from 'node:crypto';
import { show } from '../graph/dim.js';
import type { State } from '../graph/tensor-data.js';
import type { Parameter } from '../nn/module.js';
import type { NamedBytes } from '../support/files.js';
import {
  type Checkpoint,
  checkpointOf,
  FORMAT,
  networkNamedIn,
  type Progress,
  type ReadOptions,
  recipeIn,
} from './held-against.js';
import { readMetadata, writeSafetensors } from './safetensors.js';
import { formatOfFile, parseTensorFile, readTensorFile, type TensorFileOptions } from './tensor-file.js';

/** Writes a checkpoint as .safetensors, whole or not at all. @throws UserError naming the file. */
export async function writeCheckpoint(
  path: string,
  network: string,
  state: State,
  { step, seed, recipe, rateShare }: Progress,
): Promise<void> {
  const numbers = { step: `${step}`, seed: `${seed}`, ...(rateShare !== undefined && { rateShare: `${rateShare}` }) };
  const metadata = { format: FORMAT, network, ...numbers, recipe: JSON.stringify(recipe) };
  await writeSafetensors(path, { tensors: state, metadata });
}

/**
 * Reads the network name of a checkpoint of ours; undefined for other files.
 * @throws UserError when it cannot be read
 */
export async function networkOf(path: string): Promise<string | undefined> {
  return (await formatOfFile(path)) === 'safetensors' ? networkNamedIn(await readMetadata(path)) : undefined;
}

/**
 * Reads the recipe of the run that wrote a checkpoint of ours, without its tensors; undefined for other files.
 * @throws UserError when it cannot be read
 */
export async function readRecipe(path: string): Promise<unknown> {
  return (await formatOfFile(path)) === 'safetensors' ? recipeIn(await readMetadata(path)) : undefined;
}

/**
 * Reads a checkpoint and validates it against its network. It may be ours, plain .safetensors, the index of several of
 * them, or PyTorch's; the first bytes decide, not the name. In files of others, a prefix that all names share is
 * dropped if the names fit then ("module.", "net_g."), and a missing `num_batches_tracked` counts as 0.
 * @param source path of the file, or its bytes with a name for messages
 * @param network name that the checkpoint must have, if it names a network
 * @throws UserError naming the file and the first tensor that is missing, left over, of another shape or not finite
 */
export async function readCheckpoint(
  source: string | NamedBytes,
  network: string,
  parameters: ReadonlyMap<string, Parameter>,
  { unused, key, takesKey }: ReadOptions & TensorFileOptions = {},
): Promise<Checkpoint> {
  const [path, file] =
    typeof source === 'string'
      ? [source, await readTensorFile(source, { key, takesKey })]
      : [source.name, parseTensorFile(source.bytes, source.name, { key, takesKey })];
  return checkpointOf(file, { path, network, parameters, unused, takesKey });
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
