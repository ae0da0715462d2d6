import { createHash } from 'node:crypto';
import { z } from 'zod';
import { show } from '../graph/dim.js';
import { type State, zeros } from '../graph/tensor-data.js';
import type { Parameter } from '../nn/module.js';
import { UserError } from '../support/error.js';
import { readPyTorch } from './pytorch/read.js';
import { readMetadata, readSafetensors, type SafetensorsFile, writeSafetensors } from './safetensors.js';

const FORMAT = 'unweather-checkpoint-1';
const OPTIMISER = 'optimizer.';

/** What a run needs, beside the tensors, to go on as if it had never stopped. */
export interface Progress {
  /** Updates done. */
  readonly step: number;
  /**
   * The state of the random generator: every draw of a run comes from a stream named by this seed and by the step, so
   * seed and step are the whole of it.
   */
  readonly seed: number;
  /** The recipe, as JSON. */
  readonly recipe: unknown;
}

/** Weights of a network, with or without the training that made them. */
export interface Checkpoint {
  readonly path: string;
  /** Parameters and buffers, under their state_dict names. */
  readonly weights: State;
  /** Optimiser moments, "optimizer.exp_avg.…"; empty in a file that holds weights alone. */
  readonly optimiser: State;
  /** Absent in a file that was not written by a training run. */
  readonly progress?: Progress;
  /** Tensors of the file that were left aside, as ReadOptions.unused says. */
  readonly skipped: number;
}

export interface ReadOptions {
  /** Whether a tensor, by its name, is one that official files have and the network has no use for. */
  readonly unused?: ((name: string) => boolean) | undefined;
}

const Json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('not JSON');
    return z.NEVER;
  }
});
const Metadata = z.object({
  network: z.string(),
  step: z.coerce.number().int().nonnegative(),
  seed: z.coerce.number().int(),
  recipe: Json,
});

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

/** Which network a checkpoint of ours is of; undefined for other files. @throws UserError when it cannot be read */
export async function networkOf(path: string): Promise<string | undefined> {
  if (isPyTorch(path)) return undefined;
  const metadata = await readMetadata(path);
  return metadata.format === FORMAT ? metadata.network : undefined;
}

/** Whether a file is one that `torch.save` writes, by its name. */
export function isPyTorch(path: string): boolean {
  return /\.(pth|pt|pk|pkl|tar)$/i.test(path);
}

/** A buffer that PyTorch counts since 0.4.1; nothing is computed from it. */
const COUNTER = /(^|\.)num_batches_tracked$/;

/**
 * Reads a checkpoint and holds it against the network it is for. Plain .safetensors files of weights are read too, and
 * PyTorch's own (.pth, .pt, .pk, .tar), where a missing `num_batches_tracked` counts as 0.
 * @param network the name the checkpoint must carry, if it carries one
 * @throws UserError naming the file and the first tensor that is missing, left over or of another shape
 */
export async function readCheckpoint(
  path: string,
  network: string,
  parameters: ReadonlyMap<string, Parameter>,
  { unused }: ReadOptions = {},
): Promise<Checkpoint> {
  const pytorch = isPyTorch(path);
  const { tensors, metadata }: SafetensorsFile = pytorch
    ? { tensors: await readPyTorch(path), metadata: {} }
    : await readSafetensors(path);
  const bad = (what: string) => new UserError(`${path}: ${what}; use a checkpoint of ${network}`);
  const ours = metadata.format === FORMAT;
  const parsed = ours ? Metadata.safeParse(metadata) : undefined;
  if (parsed?.success === false)
    throw bad(`its metadata lacks or garbles "${String(parsed.error.issues[0]?.path[0])}"`);
  if (parsed && parsed.data.network !== network) throw bad(`it is of another network, ${parsed.data.network}`);
  const weights: State = new Map();
  for (const [name, { shape, dtype }] of parameters) {
    const value = tensors.get(name) ?? (pytorch && COUNTER.test(name) ? zeros(shape, dtype) : undefined);
    if (value === undefined) throw bad(`tensor "${name}" is missing`);
    if (value.dtype !== dtype || show(value.shape) !== show(shape))
      throw bad(`tensor "${name}" is ${value.dtype} ${show(value.shape)}, expected ${dtype} ${show(shape)}`);
    weights.set(name, value);
  }
  const optimiser: State = new Map();
  let skipped = 0;
  for (const [name, value] of tensors)
    if (name.startsWith(OPTIMISER)) optimiser.set(name, value);
    else if (weights.has(name)) continue;
    else if (!ours && unused?.(name)) skipped++;
    else throw bad(`tensor "${name}" is not of this network`);
  return { path, weights, optimiser, skipped, ...(parsed && { progress: parsed.data }) };
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
