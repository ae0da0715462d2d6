import type { Tensor } from '../graph/tensor.js';
import { float32, type State, type TensorData } from '../graph/tensor-data.js';
import type { Parameter } from '../nn/module.js';

/** Parameters that are treated alike. */
export interface ParameterGroup {
  /** True if the parameter with this state_dict name belongs to the group. */
  matches(name: string): boolean;
  /** Multiplies the learning rate; default 1. */
  readonly rateFactor?: number;
  /** Replaces the optimiser's own weight decay. */
  readonly weightDecay?: number;
}

/** Kind and constants of an optimiser, for an engine that brings its own. */
export type OptimiserKind =
  | { readonly kind: 'adam'; readonly betas: readonly [number, number]; readonly epsilon: number }
  | { readonly kind: 'sgd'; readonly momentum: number };

/** An optimiser as pieces of a training step's graph. Several may work in one program, under different names. */
export interface Optimiser {
  readonly kind: OptimiserKind;
  readonly options: OptimiserOptions;
  /** Number of steps whose gradients make one update; if absent, every step updates. */
  readonly accumulates?: number;
  /** Names of a parameter's moments in the state, in the order average, average of squares; or momentum buffer. */
  moments(name: string): readonly string[];
  /**
   * @param gradients by parameter name; a parameter without one is left as it is
   * @returns state tensor → its new value, for parameters and moments
   */
  updates(parameters: ReadonlyMap<string, Parameter>, gradients: ReadonlyMap<string, Tensor>): Map<Tensor, Tensor>;
  /** Moments before the first step, of the parameters named. */
  state(parameters: ReadonlyMap<string, Parameter>, trained: Iterable<string>): State;
  /**
   * Inputs of the graph at one step.
   * @param step 1 for the first update
   * @param rate learning rate
   */
  inputs(step: number, rate: number): Record<string, TensorData>;
}

/** Inputs that no graph reads: the step and the rate themselves, for an engine that brings its own optimiser. */
export function plainInputs(step: number, rate: number): Record<string, TensorData> {
  return {
    [STEP]: { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(step)) },
    [RATE]: float32(Float32Array.of(rate), []),
  };
}

export const STEP = 'optimizer:step';
export const RATE = 'optimizer:rate';

/** Options of every optimiser. */
export interface OptimiserOptions {
  /** Prefix of the names of its moments and inputs; default "optimizer". */
  readonly name?: string;
  /** Pulls parameters towards zero, as PyTorch's `weight_decay`: added to the gradient, times the parameter. */
  readonly weightDecay?: number;
  /** The first group that matches a parameter applies; for a parameter in no group the options themselves apply. */
  readonly groups?: readonly ParameterGroup[];
}

/** Settings of one parameter, by its group. */
export function settingsOf(options: OptimiserOptions, name: string): { rateFactor: number; weightDecay: number } {
  const group = options.groups?.find(({ matches }) => matches(name));
  return { rateFactor: group?.rateFactor ?? 1, weightDecay: group?.weightDecay ?? options.weightDecay ?? 0 };
}
