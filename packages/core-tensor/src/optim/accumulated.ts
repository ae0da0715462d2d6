import { input, state, type Tensor } from '../graph/tensor.js';
import { float32, zeros } from '../graph/tensor-data.js';
import { add } from '../ops/add.js';
import { mul } from '../ops/mul.js';
import { where } from '../ops/where.js';
import type { Optimiser } from './optimiser.js';

/** Inputs of one step: KEEP is 0 on the first step of a sum, else 1; COMPLETE is 1 on its last step, else 0. */
const [KEEP, COMPLETE] = ['accumulated:keep', 'accumulated:complete'];

/**
 * An optimiser that updates on every n-th step only, by the mean of the gradients since its last update: a batch of any
 * size in the memory of a small one. It counts its own steps: the n-th training step is its first. State:
 * "NAME.gradient.…" beside the optimiser's.
 * @param steps number of gradients per update, 2 or more
 */
export function accumulated(optimiser: Optimiser, steps: number): Optimiser {
  const { name = 'optimizer' } = optimiser.options;
  const summed = (parameter: string) => `${name}.gradient.${parameter}`;
  return {
    ...optimiser,
    accumulates: steps,
    updates(parameters, gradients) {
      const [keep, complete] = [input(KEEP, []), input(COMPLETE, [])];
      const sums = new Map<string, Tensor>();
      const updates = new Map<Tensor, Tensor>();
      for (const [parameter, gradient] of gradients) {
        const old = state(summed(parameter), parameters.get(parameter)!.shape);
        const sum = add(mul(old, keep), mul(gradient, 1 / steps));
        sums.set(parameter, sum);
        updates.set(old, sum);
      }
      for (const [tensor, next] of optimiser.updates(parameters, sums))
        updates.set(tensor, where(complete, next, tensor));
      return updates;
    },
    state: (parameters, trained) => {
      const names = [...trained];
      const sums = names.map((parameter) => [summed(parameter), zeros(parameters.get(parameter)!.shape)] as const);
      return new Map([...optimiser.state(parameters, names), ...sums]);
    },
    inputs: (step, rate) => ({
      ...optimiser.inputs(Math.ceil(step / steps), rate),
      [KEEP]: scalar((step - 1) % steps === 0 ? 0 : 1),
      [COMPLETE]: scalar(step % steps === 0 ? 1 : 0),
    }),
  };
}

function scalar(value: number) {
  return float32(Float32Array.of(value), []);
}
