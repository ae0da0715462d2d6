import { gradients } from '../autodiff/gradients.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import { input, type Tensor } from '../graph/tensor.js';
import type { State } from '../graph/tensor-data.js';
import { trace } from '../graph/trace.js';
import { mse } from '../losses/mse.js';
import type { Module, Parameter } from '../nn/module.js';
import { clamp } from '../ops/clamp.js';
import { adam, adamState } from '../optim/adam.js';

/** The terms of a loss; `total` is what is minimised. Each has one element. */
export type LossTerms = Readonly<Record<string, Tensor>> & { readonly total: Tensor };
export type Loss = (output: Tensor, target: Tensor) => LossTerms;

/** A training step: one graph from batch, weights and moments to loss terms and their successors. */
export interface TrainingStep {
  readonly graph: Graph;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Names of the parameters that receive a gradient. */
  readonly trained: readonly string[];
  /** Moments before the first step. */
  optimiserState(): State;
}

/** Size of the training pictures. The batch may differ from step to step; height and width may not. */
export interface StepShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Compiles network, loss and Adam into one graph. Inputs: "input" and "target" [batch, channels, height, width], and
 * those of {@link adamInputs}. Outputs: the loss terms and "mse", the error of the clamped output.
 * @param inspect adds the outputs "output" and "gradient.NAME" for every parameter that receives a gradient
 */
export function trainingStep(network: Module, loss: Loss, shape: StepShape, inspect = false): TrainingStep {
  const size = ['batch', shape.channels, shape.height, shape.width];
  const x = input('input', size);
  const target = input('target', size);
  const parameters = network.parameters();
  const { result: output, updates: statistics } = trace('train', () => network.apply(x));
  const terms = loss(output, target);
  const candidates = [...parameters].filter(([, parameter]) => parameter.trained);
  const found = gradients(
    terms.total,
    candidates.map(([, parameter]) => parameter.tensor),
  );
  const byName = new Map<string, Tensor>();
  for (const [index, [name]] of candidates.entries()) {
    const gradient = found[index];
    if (gradient !== undefined) byName.set(name, gradient);
  }
  const updates = new Map([...statistics, ...adam(parameters, byName)]);
  const watched = Object.fromEntries([...byName].map(([name, gradient]) => [`gradient.${name}`, gradient]));
  const outputs = { ...terms, mse: mse(clamp(output, 0, 1), target), ...(inspect && { output, ...watched }) };
  const trained = [...byName.keys()];
  return {
    graph: buildGraph(outputs, updates),
    parameters,
    trained,
    optimiserState: () => adamState(parameters, trained),
  };
}
