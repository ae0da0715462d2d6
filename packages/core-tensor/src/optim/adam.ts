import { input, state, type Tensor } from '../graph/tensor.js';
import { float32, zeros } from '../graph/tensor-data.js';
import { add } from '../ops/add.js';
import { div } from '../ops/div.js';
import { mul } from '../ops/mul.js';
import { sqrt } from '../ops/sqrt.js';
import { sub } from '../ops/sub.js';
import { decayed } from './decay.js';
import { type Optimiser, type OptimiserOptions, plainInputs, settingsOf } from './optimiser.js';

export interface AdamOptions extends OptimiserOptions {
  /** Decay of the averages of gradients and of their squares; default 0.9 and 0.999. */
  readonly betas?: readonly [number, number];
  /** Added to the root; default 1e-8. */
  readonly epsilon?: number;
  /**
   * Position of epsilon: added to the corrected root, as in PyTorch (the default), or to the uncorrected one, as in
   * TensorFlow. The TensorFlow.js engine always uses PyTorch's form.
   */
  readonly form?: 'pytorch' | 'tensorflow';
}

/**
 * Adam, p ← p − rate·m̂/(√v̂ + ε), computed as PyTorch's `optim.Adam` does it. The bias corrections are computed
 * outside the graph, in float64, because 1 − β₂ᵗ loses digits in float32. State: "NAME.exp_avg.…", "NAME.exp_avg_sq.…".
 */
export function adam(options: AdamOptions = {}): Optimiser {
  const { name: prefix = 'optimizer', betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8 } = options;
  const { form = 'pytorch' } = options;
  const average = (name: string) => `${prefix}.exp_avg.${name}`;
  const averageSquare = (name: string) => `${prefix}.exp_avg_sq.${name}`;
  const stepSizeName = prefix === 'optimizer' ? 'step_size' : `${prefix}.step_size`;
  const correctionName = prefix === 'optimizer' ? 'sqrt_bias_correction2' : `${prefix}.sqrt_bias_correction2`;
  const moments = (name: string) => [average(name), averageSquare(name)];
  return {
    kind: { kind: 'adam', betas: [beta1, beta2], epsilon },
    options,
    moments,
    updates(parameters, gradients) {
      const stepSize = input(stepSizeName, []);
      const correction = input(correctionName, []);
      const updates = new Map<Tensor, Tensor>();
      for (const [name, raw] of gradients) {
        const { tensor, shape } = parameters.get(name)!;
        const { rateFactor, weightDecay } = settingsOf(options, name);
        const gradient = decayed(raw, tensor, weightDecay);
        const oldAverage = state(average(name), shape);
        const oldSquare = state(averageSquare(name), shape);
        const m = add(mul(oldAverage, beta1), mul(gradient, 1 - beta1));
        const v = add(mul(oldSquare, beta2), mul(mul(gradient, gradient), 1 - beta2));
        const denominator = add(div(sqrt(v), correction), epsilon);
        const rate = rateFactor === 1 ? stepSize : mul(stepSize, rateFactor);
        updates.set(oldAverage, m);
        updates.set(oldSquare, v);
        updates.set(tensor, sub(tensor, mul(div(m, denominator), rate)));
      }
      return updates;
    },
    state: (parameters, trained) =>
      new Map(
        [...trained].flatMap((name) =>
          moments(name).map((moment) => [moment, zeros(parameters.get(name)!.shape)] as const),
        ),
      ),
    inputs(step, rate) {
      const correction = Math.sqrt(1 - beta2 ** step);
      const stepSize = rate / (1 - beta1 ** step);
      // TensorFlow corrects the step size instead of the root, so epsilon weighs more in the first steps.
      const [size, root] = form === 'pytorch' ? [stepSize, correction] : [stepSize * correction, 1];
      return {
        ...plainInputs(step, rate),
        [stepSizeName]: float32(Float32Array.of(size), []),
        [correctionName]: float32(Float32Array.of(root), []),
      };
    },
  };
}
