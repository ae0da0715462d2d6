import {
  adam,
  add,
  clamp,
  contrastive,
  input,
  l1,
  mse,
  mul,
  type Optimiser,
  type TrainingStep,
  trace,
  updateStep,
  type Vgg,
} from '@unweather/core-tensor';
import type { MSBDN } from '../../networks/msbdn.js';

const HARD = 0.2;

export interface ExaminationParts {
  readonly student: MSBDN;
  /** VGG for the contrastive term, which is left out without it. */
  readonly vgg?: Vgg | undefined;
  /** Number of pictures in a batch. */
  readonly batch: number;
  readonly size: readonly [height: number, width: number];
  readonly inspect?: boolean;
  /** Default: Adam with its defaults. */
  readonly optimiser?: Optimiser;
}

/**
 * One update of stage 2, knowledge examination (§3.3; official train.py from epoch 126): no teachers, L1 to the truth,
 * and the hard contrastive term, whose negatives for every anchor are all degraded pictures of the batch.
 *
 * total = L1 + 0.2·HCR; the output `hcr` includes its weight. The same step trains teachers, on one weather, with only
 * each picture's own negative (`own`).
 */
export function examinationStep(parts: ExaminationParts & { readonly own?: boolean }): TrainingStep {
  const { student, vgg, batch, size, own = false, inspect = false, optimiser = adam() } = parts;
  const shape = [batch, 3, ...size];
  const [x, target] = [input('input', shape), input('target', shape)];
  const parameters = student.parameters();
  const { result } = trace('train', () => {
    const output = student.apply(x);
    const difference = l1(output, target);
    const options = own ? {} : { allNegativesOf: batch };
    const hcr = vgg && mul(contrastive(vgg, output, target, x, options), HARD);
    const terms = { l1: difference, ...(hcr && { hcr }) };
    return { output, terms: { total: hcr ? add(difference, hcr) : difference, ...terms } };
  });
  const error = mse(clamp(result.output, 0, 1), target);
  const outputs = { ...result.terms, mse: error, ...(inspect && { output: result.output }) };
  return updateStep({ outputs, minimise: result.terms.total, parameters, inspect, optimiser });
}
