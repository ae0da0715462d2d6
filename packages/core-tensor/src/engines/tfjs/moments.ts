import type { State } from '../../graph/tensor-data.js';
import type { TfTensor } from '../../graph/tfjs-target.js';
import { settingsOf } from '../../optim/optimiser.js';
import type { TrainingStep } from '../../optim/update.js';
import type { Tf, TfMoment, TfOptimizer } from './api.js';
import { fromTf, toTf } from './execute.js';
import { stateValue } from './inference.js';

/** One TensorFlow.js optimiser for the parameters that share a learning rate. */
interface Group {
  readonly names: readonly string[];
  readonly rateFactor: number;
  readonly optimiser: TfOptimizer;
}

/** TensorFlow.js optimisers whose moments are loaded and saved under our own names, so that runs can be resumed. */
export class Moments {
  private readonly groups: readonly Group[];

  constructor(
    private readonly tf: Tf,
    private readonly step: TrainingStep,
    private readonly id: string,
    state: State,
  ) {
    const factors = byRate(step);
    this.groups = [...factors].map(([rateFactor, names]) => ({
      names,
      rateFactor,
      optimiser: this.create(names, state),
    }));
  }

  /** Applies a step's gradients, one per trained parameter, and frees them. */
  apply(at: number, rate: number, gradientOf: (name: string) => TfTensor): void {
    const { kind } = this.step.optimiser;
    for (const { names, rateFactor, optimiser } of this.groups) {
      if (optimiser.setLearningRate) optimiser.setLearningRate(rate * rateFactor);
      else optimiser.learningRate = rate * rateFactor;
      // TensorFlow.js multiplies these powers step by step; a resumed run must continue from its own step.
      if (kind.kind === 'adam')
        this.tf.tidy(() => {
          optimiser.accBeta1!.assign(this.scalar(kind.betas[0] ** at));
          optimiser.accBeta2!.assign(this.scalar(kind.betas[1] ** at));
        });
      const gradients = Object.fromEntries(names.map((name) => [this.id + name, gradientOf(name)]));
      optimiser.applyGradients(gradients);
      this.tf.dispose(Object.values(gradients));
    }
  }

  state(): State {
    const all: State = new Map();
    for (const { names, optimiser } of this.groups)
      for (const [i, name] of names.entries())
        for (const [j, list] of this.lists(optimiser).entries())
          all.set(this.step.optimiser.moments(name)[j]!, fromTf(list[i]!.variable));
    return all;
  }

  dispose(): void {
    for (const { optimiser } of this.groups) optimiser.dispose();
  }

  private create(names: readonly string[], state: State): TfOptimizer {
    const { optimiser: ours } = this.step;
    const { kind } = ours;
    const { train } = this.tf;
    const created =
      kind.kind === 'adam'
        ? train.adam(0, ...kind.betas, kind.epsilon)
        : kind.momentum === 0
          ? train.sgd(0)
          : train.momentum(0, kind.momentum);
    for (const [j, list] of this.lists(created).entries())
      for (const [i, name] of names.entries()) {
        const moment = ours.moments(name)[j]!;
        const value = toTf(this.tf, stateValue(state, moment));
        list[i] = { originalName: moment, variable: this.tf.variable(value, false, this.id + moment) };
        this.tf.dispose(value);
      }
    return created;
  }

  /** Moments of an optimiser, by kind, in the order of our optimisers. */
  private lists({ accumulatedFirstMoment, accumulatedSecondMoment, accumulations }: TfOptimizer): TfMoment[][] {
    if (accumulatedFirstMoment && accumulatedSecondMoment) return [accumulatedFirstMoment, accumulatedSecondMoment];
    return accumulations ? [accumulations] : [];
  }

  private scalar(value: number): TfTensor {
    return this.tf.tensor(Float32Array.of(value), [], 'float32');
  }
}

/** Groups the trained parameters by the factor of their learning rate. */
function byRate({ trained, optimiser }: TrainingStep): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const name of trained) {
    const { rateFactor } = settingsOf(optimiser.options, name);
    groups.set(rateFactor, [...(groups.get(rateFactor) ?? []), name]);
  }
  return groups;
}
