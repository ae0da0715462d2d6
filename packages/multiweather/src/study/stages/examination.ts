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
  /** Without it, the contrastive term is left out. */
  readonly vgg?: Vgg | undefined;
  /** Pictures of a batch. */
  readonly batch: number;
  readonly size: readonly [height: number, width: number];
  readonly inspect?: boolean;
  /** Default: Adam as it comes. */
  readonly optimiser?: Optimiser;
}

/**
 * One update of stage 2, knowledge examination (§3.3; official train.py from epoch 126): no teachers any more, L1 to the
 * truth, and the hard contrastive term, whose negatives are all the degraded pictures of the batch for every anchor.
 *
 * total = L1 + 0.2·HCR; `hcr` is given with its weight. Teachers are trained by the same step, on one weather, with
 * each picture's own negative alone (`own`).
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
