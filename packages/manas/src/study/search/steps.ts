import {
  adam,
  add,
  clamp,
  input,
  mse,
  mul,
  type StepShape,
  sgd,
  type TrainingStep,
  trace,
  updateStep,
} from '@unweather/core-tensor';
import type { Supernet } from '../../networks/supernet.js';
import { multiToOneTerms } from '../loss.js';
import { complexity, type ObjectiveOptions, regularisation } from './objective.js';

/** Optimisers of a search, with the options of the official train_search.py. */
export interface Optimisers {
  readonly weights: { readonly kind: 'sgd' | 'adam'; readonly weightDecay: number };
  readonly architecture: { readonly weightDecay: number };
}

export interface SearchSteps {
  /** Updates weights and running statistics; reads the architecture. */
  readonly weights: TrainingStep;
  /** Updates the architecture in evaluation mode; reads the rest. */
  readonly architecture: TrainingStep;
}

/**
 * The two alternating updates of a search (paper, §III-E), over one state. Inputs of both: "input" and "target"
 * [3N, 3, H, W], a target for each rainy picture, "internal_weight", and those of their optimisers. First order: the
 * current weights judge the architecture. Adam with betas 0.5 and 0.999 updates the two tables.
 */
export function searchSteps(
  supernet: Supernet,
  shape: Omit<StepShape, 'channels'>,
  options: ObjectiveOptions,
  { weights, architecture }: Optimisers,
  { inspect = false } = {},
): SearchSteps {
  const size = [shape.batch ?? 'batch', 3, shape.height, shape.width];
  const [x, target] = [input('input', size), input('target', size)];
  const parameters = supernet.parameters();
  const alphas = supernet.alphas();
  const pass = (mode: 'train' | 'eval') =>
    trace(mode, () => {
      const output = supernet.apply(x);
      return { output, terms: multiToOneTerms()(output, target, x) };
    });
  const error = (output: typeof x) => mse(clamp(output, 0, 1), target);

  const training = pass('train');
  const { output, terms } = training.result;
  const { kind, weightDecay } = weights;
  const weightStep = updateStep({
    outputs: { ...terms, mse: error(output), ...(inspect && { output }) },
    minimise: terms.total,
    parameters,
    statistics: training.updates,
    optimiser: kind === 'sgd' ? sgd({ momentum: 0.9, weightDecay }) : adam({ weightDecay }),
    inspect,
  });

  const judged = pass('eval').result;
  const [arch, auto] = ['arch_param', 'auto_param'].map((name) => alphas.get(name)!.tensor);
  const undecided = { cells: regularisation(arch!), edges: regularisation(auto!) };
  const cost = complexity(arch!, auto!, options.columns);
  const weighted = [
    mul(add(undecided.cells, undecided.edges), options.regularisation),
    ...(options.complexity === 0 ? [] : [mul(cost, options.complexity)]),
  ];
  const total = weighted.reduce((sum, term) => add(sum, term), judged.terms.total);
  const architectureStep = updateStep({
    outputs: { total, restoration: judged.terms.total, ...undecided, complexity: cost, mse: error(judged.output) },
    minimise: total,
    parameters: alphas,
    optimiser: adam({ name: 'optimizer.architecture', betas: [0.5, 0.999], weightDecay: architecture.weightDecay }),
    inspect,
  });
  return { weights: weightStep, architecture: architectureStep };
}
