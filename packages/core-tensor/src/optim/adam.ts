import { constant, input, state, type Tensor } from '../graph/tensor.js';
import { float32, type State, type TensorData, zeros } from '../graph/tensor-data.js';
import type { Parameter } from '../nn/module.js';
import { add } from '../ops/add.js';
import { div } from '../ops/div.js';
import { mul } from '../ops/mul.js';
import { sqrt } from '../ops/sqrt.js';
import { sub } from '../ops/sub.js';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** State names of a parameter's moments; PyTorch's own words. */
const average = (name: string) => `optimizer.exp_avg.${name}`;
const averageSquare = (name: string) => `optimizer.exp_avg_sq.${name}`;

/**
 * Adam (β 0.9/0.999, ε 1e-8, no weight decay) as graph pieces: p ← p − rate·m̂/(√v̂ + ε), computed as PyTorch does it.
 * The bias corrections come from outside, in float64, because 1 − β₂ᵗ loses digits in float32.
 * @param gradients one per parameter; a parameter without one is left as it is, with no moments
 * @returns state tensor → its new value, for parameters and moments
 */
export function adam(
  parameters: ReadonlyMap<string, Parameter>,
  gradients: ReadonlyMap<string, Tensor>,
): Map<Tensor, Tensor> {
  const stepSize = input('step_size', []);
  const correction = input('sqrt_bias_correction2', []);
  const updates = new Map<Tensor, Tensor>();
  for (const [name, gradient] of gradients) {
    const { tensor, shape } = parameters.get(name)!;
    const oldAverage = state(average(name), shape);
    const oldSquare = state(averageSquare(name), shape);
    const m = add(mul(oldAverage, constant(BETA1)), mul(gradient, constant(1 - BETA1)));
    const v = add(mul(oldSquare, constant(BETA2)), mul(mul(gradient, gradient), constant(1 - BETA2)));
    const denominator = add(div(sqrt(v), correction), constant(EPSILON));
    updates.set(oldAverage, m);
    updates.set(oldSquare, v);
    updates.set(tensor, sub(tensor, mul(div(m, denominator), stepSize)));
  }
  return updates;
}

/**
 * What the update needs at one step.
 * @param step 1 for the first update
 */
export function adamInputs(step: number, rate: number): Record<string, TensorData> {
  const scalar = (value: number) => float32(Float32Array.of(value), []);
  return {
    step_size: scalar(rate / (1 - BETA1 ** step)),
    sqrt_bias_correction2: scalar(Math.sqrt(1 - BETA2 ** step)),
  };
}

/** Moments before the first step. */
export function adamState(parameters: ReadonlyMap<string, Parameter>, trained: Iterable<string>): State {
  const moments: State = new Map();
  for (const name of trained)
    for (const moment of [average(name), averageSquare(name)]) moments.set(moment, zeros(parameters.get(name)!.shape));
  return moments;
}
