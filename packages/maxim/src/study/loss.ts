import {
  add,
  clamp,
  input,
  type Loss,
  mean,
  mse,
  mul,
  resizeBilinear,
  sqrt,
  sub,
  type Tensor,
  trace,
  updateStep,
} from '@unweather/core-tensor';
import type { EquippedLoss } from '@unweather/lab';
import { Maxim } from '../networks/maxim.js';
import { meanSpectrum } from './spectrum.js';

/** ε of the Charbonnier loss, and weight of the frequency loss (eq. 5 and 6). */
const [EPSILON, FREQUENCY] = [1e-3, 0.1];

/** Mean of √(difference² + ε²) (eq. 6). */
export function charbonnier(output: Tensor, target: Tensor): Tensor {
  const difference = sub(output, target);
  return mean(sqrt(add(mul(difference, difference), EPSILON ** 2)));
}

/** The paper's loss of the last picture alone, for `eval` and other networks: Charbonnier + 0.1·frequency. */
export const lastPictureAlone: Loss = (output, target) => {
  const terms = { charbonnier: charbonnier(output, target), frequency: meanSpectrum(sub(output, target)) };
  return { total: add(terms.charbonnier, mul(terms.frequency, FREQUENCY)), ...terms };
};

/**
 * The paper's loss (§3.5): Charbonnier + 0.1·frequency, added over the pictures that all stages restore at three scales.
 * Each is compared with the truth, resized bilinearly. No official code of it is published.
 */
export const everyPicture: EquippedLoss = {
  step(network, { batch = 'batch', channels, height, width }, { inspect = false, ...update }) {
    if (!(network instanceof Maxim)) throw new Error('this loss compares what the stages of MAXIM restore');
    const size = [batch, channels, height, width];
    const [x, target] = [input('input', size), input('target', size)];
    const parameters = network.parameters();
    const { result, updates } = trace('train', () => {
      const stages = network.restored(x);
      const truths = [0.25, 0.5].map((factor) => resizeBilinear(target, { factor }, { antialias: true }));
      const all = stages.flatMap((pictures) =>
        pictures.map((picture, i) => lastPictureAlone(picture, truths[i] ?? target, x)),
      );
      const sum = (term: 'charbonnier' | 'frequency') => all.map((one) => one[term]!).reduce((a, b) => add(a, b));
      const terms = { charbonnier: sum('charbonnier'), frequency: sum('frequency') };
      const total = add(terms.charbonnier, mul(terms.frequency, FREQUENCY));
      return { output: stages.at(-1)!.at(-1)!, terms: { total, ...terms } };
    });
    const { output, terms } = result;
    const outputs = { ...terms, mse: mse(clamp(output, 0, 1), target), ...(inspect && { output }) };
    return updateStep({ ...update, inspect, outputs, minimise: terms.total, parameters, statistics: updates });
  },
};
