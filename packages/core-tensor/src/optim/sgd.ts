import { input, state, type Tensor } from '../graph/tensor.js';
import { float32, zeros } from '../graph/tensor-data.js';
import { add } from '../ops/add.js';
import { mul } from '../ops/mul.js';
import { sub } from '../ops/sub.js';
import { decayed } from './decay.js';
import { type Optimiser, type OptimiserOptions, plainInputs, settingsOf } from './optimiser.js';

export interface SgdOptions extends OptimiserOptions {
  /** Share of the last step's direction that is kept; default 0. */
  readonly momentum?: number;
}

/**
 * Gradient descent with momentum as PyTorch's `optim.SGD` (no dampening, no Nesterov): b ← momentum·b + g,
 * p ← p − rate·b. State, with momentum: "NAME.momentum_buffer.…".
 */
export function sgd(options: SgdOptions = {}): Optimiser {
  const { name: prefix = 'optimizer', momentum = 0 } = options;
  const buffer = (name: string) => `${prefix}.momentum_buffer.${name}`;
  const rateName = `${prefix}.learning_rate`;
  return {
    kind: { kind: 'sgd', momentum },
    options,
    moments: (name) => (momentum === 0 ? [] : [buffer(name)]),
    updates(parameters, gradients) {
      const rate = input(rateName, []);
      const updates = new Map<Tensor, Tensor>();
      for (const [name, raw] of gradients) {
        const { tensor, shape } = parameters.get(name)!;
        const { rateFactor, weightDecay } = settingsOf(options, name);
        let direction = decayed(raw, tensor, weightDecay);
        if (momentum !== 0) {
          const old = state(buffer(name), shape);
          direction = add(mul(old, momentum), direction);
          updates.set(old, direction);
        }
        updates.set(tensor, sub(tensor, mul(direction, rateFactor === 1 ? rate : mul(rate, rateFactor))));
      }
      return updates;
    },
    state: (parameters, trained) =>
      new Map(momentum === 0 ? [] : [...trained].map((name) => [buffer(name), zeros(parameters.get(name)!.shape)])),
    inputs: (step, rate) => ({ ...plainInputs(step, rate), [rateName]: float32(Float32Array.of(rate), []) }),
  };
}
