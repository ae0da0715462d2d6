import * as z from 'zod';
import { show } from '../graph/dim.js';
import { type State, zeros } from '../graph/tensor-data.js';
import type { Parameter } from '../nn/module.js';
import { UserError } from '../support/error.js';
import { nearestNames } from '../support/nearest.js';
import { listed, quoted } from '../support/shown.js';
import { requireFinite } from './finite.js';
import { prefixBeside, prefixToDrop, withoutPrefix } from './prefix.js';
import type { SafetensorsFile } from './safetensors-bytes.js';

/** Value of `format` in the metadata of our own files. */
export const FORMAT = 'unweather-checkpoint-1';
const OPTIMISER = 'optimizer.';

/** Progress of a run: with the tensors, all it needs to resume as if it had never stopped. */
export interface Progress {
  /** Updates done. */
  readonly step: number;
  /**
   * Seed of the random generator: every draw of a run comes from a stream named by this seed and the step, so the two
   * are its complete state.
   */
  readonly seed: number;
  /** The recipe, as JSON. */
  readonly recipe: unknown;
  /** Share of the recipe's learning rates that is left after a run went back with a lower one; absent if it never did. */
  readonly rateShare?: number | undefined;
}

/** Weights of a network, with or without the training that made them. */
export interface Checkpoint {
  readonly path: string;
  /** Parameters and buffers, under their state_dict names. */
  readonly weights: State;
  /** Optimiser moments, "optimizer.exp_avg.…"; empty in a file that holds weights alone. */
  readonly optimiser: State;
  /** Progress of the training run; absent in a file that was not written by one. */
  readonly progress?: Progress;
  /** Number of tensors of the file that were skipped because of ReadOptions.unused. */
  readonly skipped: number;
}

export interface ReadOptions {
  /** True if official files have a tensor of that name and the network has no use for it. */
  readonly unused?: ((name: string) => boolean) | undefined;
  /** False where no key can be given, so that no error proposes one; default: true. */
  readonly takesKey?: boolean | undefined;
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
  rateShare: z.coerce.number().positive().optional(),
});

/** Returns the network named in the metadata of a file of ours; undefined for other files. */
export function networkNamedIn(metadata: SafetensorsFile['metadata']): string | undefined {
  return metadata.format === FORMAT ? metadata.network : undefined;
}

/** Returns the recipe in the metadata of a file of ours; undefined for other files. */
export function recipeIn(metadata: SafetensorsFile['metadata']): unknown {
  return metadata.format === FORMAT ? Metadata.safeParse(metadata).data?.recipe : undefined;
}

/** A counter that PyTorch keeps in a buffer since 0.4.1; nothing is computed from it. */
const COUNTER = /(^|\.)num_batches_tracked$/;

/** File to validate, and the network to validate it against. */
export interface Expected extends ReadOptions {
  readonly path: string;
  /** Name that the checkpoint must have, if it names a network. */
  readonly network: string;
  readonly parameters: ReadonlyMap<string, Parameter>;
}

/**
 * Validates the contents of a file against its network. In files of others, a prefix that all names share is dropped if
 * the names fit then, and a missing `num_batches_tracked` counts as 0.
 * @throws UserError naming the file and the first tensor that is missing, left over, of another shape or not finite
 */
export function checkpointOf({ tensors: named, metadata }: SafetensorsFile, expected: Expected): Checkpoint {
  const { path, network, parameters, unused, takesKey = true } = expected;
  const bad = (what: string) => new UserError(`${path}: ${what}; use a checkpoint of ${network}`);
  const ours = metadata.format === FORMAT;
  const parsed = ours ? Metadata.safeParse(metadata) : undefined;
  if (parsed?.success === false)
    throw bad(`"${String(parsed.error.issues[0]?.path[0])}" is missing from its metadata, or invalid`);
  if (parsed && parsed.data.network !== network) throw bad(`it belongs to another network, ${parsed.data.network}`);
  const tensors = ours ? named : withFittingNames(named, parameters);
  const weights: State = new Map();
  for (const [name, { shape, dtype }] of parameters) {
    const value = tensors.get(name) ?? (!ours && COUNTER.test(name) ? zeros(shape, dtype) : undefined);
    if (value === undefined) throw bad(missingText(tensors, parameters, { foreign: !ours, takesKey }));
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
    else
      throw bad(
        `tensor ${quoted(name)} does not belong to this network, whose nearest names are ` +
          listed(nearestNames(parameters.keys(), name, NEAREST)),
      );
  requireFinite(path, [...weights, ...optimiser]);
  return { path, weights, optimiser, skipped, ...(parsed && { progress: parsed.data }) };
}

/** Names that an error shows beside one that does not fit. */
const NEAREST = 3;

/** Names that a file must have. */
function required(parameters: Expected['parameters'], foreign: boolean): string[] {
  return [...parameters.keys()].filter((name) => !(foreign && COUNTER.test(name)));
}

function withFittingNames(tensors: State, parameters: Expected['parameters']): State {
  const prefix = prefixToDrop([...tensors.keys()], required(parameters, true));
  return prefix === '' ? tensors : new Map([...tensors].map(([name, value]) => [withoutPrefix(name, prefix), value]));
}

/** Names the tensors that are missing, and those of the file that are most like the first. */
function missingText(
  tensors: State,
  parameters: Expected['parameters'],
  { foreign, takesKey }: { readonly foreign: boolean; readonly takesKey: boolean },
): string {
  const wanted = required(parameters, foreign);
  const names = [...tensors.keys()];
  const [first, ...others] = wanted.filter((name) => !tensors.has(name));
  const missing = `tensor "${first}" is missing${others.length > 0 ? ` (and ${listed(others, NEAREST)})` : ''}`;
  if (names.length === 0) return `${missing}; the file holds no tensors`;
  if (names.length <= NEAREST) return `${missing}; the file holds ${listed(names)}`;
  const prefix = prefixBeside(names, wanted);
  if (prefix !== undefined && takesKey)
    return `${missing}; below ${quoted(prefix)} the file holds all of them, beside others: choose with --weights-key ${prefix.slice(0, -1)} (in load, weightsKey)`;
  if (prefix !== undefined)
    return `${missing}; below ${quoted(prefix)} the file holds all of them, beside others: save those in a file of their own`;
  return `${missing}; the nearest of the ${names.length} names in the file are ${listed(nearestNames(names, first!, NEAREST))}`;
}
