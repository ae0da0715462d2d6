import { gradients } from '../autodiff/gradients.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import type { Tensor } from '../graph/tensor.js';
import type { State } from '../graph/tensor-data.js';
import type { Parameter } from '../nn/module.js';
import { adam } from './adam.js';
import { clipByNorm } from './clip.js';
import type { Optimiser } from './optimiser.js';

/** A training step: one graph from batch, weights and moments to loss terms and the new weights and moments. */
export interface TrainingStep {
  readonly graph: Graph;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Names of the parameters that receive a gradient. */
  readonly trained: readonly string[];
  readonly optimiser: Optimiser;
  /** Definition of the step, for an engine that differentiates and optimises by itself. */
  readonly source: Update;
  /** Moments before the first step. */
  optimiserState(): State;
}

/** Options of the update of a training step. */
export interface StepOptions {
  /** Optimiser of the step; default: Adam with its default options. */
  readonly optimiser?: Optimiser;
  /** Largest common L2 norm of the gradients; larger ones are scaled down. Adds the norm to the outputs. */
  readonly clipNorm?: number;
  /** Adds the outputs "output" and "gradient.NAME" for every parameter that receives a gradient. */
  readonly inspect?: boolean;
}

/** One update of some parameters; see {@link updateStep}. */
export interface Update extends StepOptions {
  /** Tensor to minimise; one element. */
  readonly minimise: Tensor;
  /** Parameters that may change; those that are not trained, or do not reach the loss, stay as they are. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Running statistics → their new values, from the trace. */
  readonly statistics?: ReadonlyMap<Tensor, Tensor>;
}

/**
 * The graph of one update. A program may hold several over the same state, each with its own parameters, loss and
 * optimiser (architecture search: weights and architecture in turn); see {@link compile}.
 */
export function updateStep(update: Update): TrainingStep {
  const { minimise, parameters, outputs, statistics = new Map(), optimiser = adam(), clipNorm, inspect } = update;
  const candidates = [...parameters].filter(([, parameter]) => parameter.trained);
  const found = gradients(
    minimise,
    candidates.map(([, parameter]) => parameter.tensor),
  );
  const raw = new Map<string, Tensor>();
  for (const [index, [name]] of candidates.entries()) {
    const gradient = found[index];
    if (gradient !== undefined) raw.set(name, gradient);
  }
  const { clipped, norm } = clipNorm === undefined ? { clipped: raw } : clipByNorm(raw, clipNorm);
  const updates = new Map([...statistics, ...optimiser.updates(parameters, clipped)]);
  const watched = Object.fromEntries([...raw].map(([name, gradient]) => [`gradient.${name}`, gradient]));
  const trained = [...raw.keys()];
  return {
    graph: buildGraph({ ...outputs, ...(norm && { gradient_norm: norm }), ...(inspect && watched) }, updates),
    parameters,
    trained,
    optimiser,
    source: update,
    optimiserState: () => optimiser.state(parameters, trained),
  };
}
