import { gradients } from '../autodiff/gradients.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import { input, type Tensor } from '../graph/tensor.js';
import type { State } from '../graph/tensor-data.js';
import { trace } from '../graph/trace.js';
import { mse } from '../losses/mse.js';
import type { Module, Parameter } from '../nn/module.js';
import { clamp } from '../ops/clamp.js';
import { adam } from '../optim/adam.js';
import { clipByNorm } from '../optim/clip.js';
import type { Optimiser } from '../optim/optimiser.js';

/** The terms of a loss; `total` is what is minimised. Each has one element. */
export type LossTerms = Readonly<Record<string, Tensor>> & { readonly total: Tensor };
/**
 * A loss of the restored against the true pictures; some look at the degraded ones too. Weights of other networks that
 * it uses (VGG, teachers) are state of theirs: they are not trained.
 */
export type Loss = (output: Tensor, target: Tensor, degraded: Tensor) => LossTerms;

/** A training step: one graph from batch, weights and moments to loss terms and their successors. */
export interface TrainingStep {
  readonly graph: Graph;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Names of the parameters that receive a gradient. */
  readonly trained: readonly string[];
  readonly optimiser: Optimiser;
  /** What the step was made from, for an engine that differentiates and optimises by itself. */
  readonly source: Update;
  /** Moments before the first step. */
  optimiserState(): State;
}

/** Size of the training pictures. The batch may differ from step to step; height and width may not. */
export interface StepShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface StepOptions {
  /** Default: Adam as it comes. */
  readonly optimiser?: Optimiser;
  /** Largest common L2 norm of the gradients; more is scaled down, and the norm becomes an output. */
  readonly clipNorm?: number;
  /** Adds the outputs "output" and "gradient.NAME" for every parameter that receives a gradient. */
  readonly inspect?: boolean;
}

/**
 * Compiles network, loss and optimiser into one graph. Inputs: "input" and "target" [batch, channels, height, width], and
 * those of the optimiser. Outputs: the loss terms and "mse", the error of the clamped output.
 */
export function trainingStep(network: Module, loss: Loss, shape: StepShape, options: StepOptions = {}): TrainingStep {
  const { inspect = false } = options;
  const size = ['batch', shape.channels, shape.height, shape.width];
  const x = input('input', size);
  const target = input('target', size);
  const parameters = network.parameters();
  const { result, updates } = trace('train', () => {
    const output = network.apply(x);
    return { output, terms: loss(output, target, x) };
  });
  const { output, terms } = result;
  const outputs = { ...terms, mse: mse(clamp(output, 0, 1), target), ...(inspect && { output }) };
  return updateStep({ ...options, outputs, minimise: terms.total, parameters, statistics: updates });
}

/** One update of some parameters; see {@link updateStep}. */
export interface Update extends StepOptions {
  /** What is minimised; one element. */
  readonly minimise: Tensor;
  /** The parameters that may change; those that are not trained, or do not reach the loss, do not. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Running statistics and their successors, from the trace. */
  readonly statistics?: ReadonlyMap<Tensor, Tensor>;
}

/**
 * The graph of one update. A program may hold several over the same state, each with parameters, loss and optimiser of
 * its own (architecture search: weights and architecture by turns); see {@link compile}.
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
