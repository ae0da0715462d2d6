import { constant, type Tensor } from '../graph/tensor.js';
import { currentTrace } from '../graph/trace.js';
import { add } from '../ops/add.js';
import { batchNorm2dEval, batchNorm2dTrain } from '../ops/batch-norm2d.js';
import { countOf } from '../ops/count-of.js';
import { div } from '../ops/div.js';
import { mul } from '../ops/mul.js';
import { reshapeLike } from '../ops/reshape.js';
import { sub } from '../ops/sub.js';
import { fill } from './initial.js';
import { buffer, Module, Parameter } from './module.js';

const EPSILON = 1e-5;

export interface BatchNorm2dOptions {
  /** True for a learnt weight and bias; default true. */
  readonly affine?: boolean;
  /** Share of the batch in the updated running statistics; default 0.1. */
  readonly momentum?: number;
}

/**
 * Batch normalisation as PyTorch's `nn.BatchNorm2d`: in training the batch's statistics normalise (biased variance) and
 * update the running ones (unbiased variance); in evaluation the running ones normalise.
 * State: `weight`, `bias` (where affine), `running_mean`, `running_var` [channels], `num_batches_tracked` [] int64.
 */
export class BatchNorm2d extends Module {
  readonly weight?: Parameter;
  readonly bias?: Parameter;
  readonly running_mean: Parameter;
  readonly running_var: Parameter;
  readonly num_batches_tracked: Parameter;

  constructor(
    private readonly channels: number,
    private readonly options: BatchNorm2dOptions = {},
  ) {
    super();
    if (options.affine !== false) {
      this.weight = new Parameter([channels], fill(1));
      this.bias = new Parameter([channels], fill(0));
    }
    this.running_mean = buffer([channels], 0);
    this.running_var = buffer([channels], 1);
    this.num_batches_tracked = buffer([], 0, 'int64');
  }

  protected forward(x: Tensor): Tensor {
    const { mode, updates } = currentTrace();
    const same = (value: number) => constant(Array<number>(this.channels).fill(value));
    const weight = this.weight?.tensor ?? same(1);
    const bias = this.bias?.tensor ?? same(0);
    const [runningMean, runningVar] = [this.running_mean.tensor, this.running_var.tensor];
    if (mode === 'eval') return batchNorm2dEval(x, weight, bias, runningMean, runningVar, EPSILON);
    const { y, mean, variance } = batchNorm2dTrain(x, weight, bias, EPSILON);
    const count = countOf(x, [0, 2, 3]);
    const unbiased = mul(variance, div(count, sub(count, 1)));
    const { momentum = 0.1 } = this.options;
    // A module applied twice in one pass updates its statistics twice, as in PyTorch.
    const renew = (running: Tensor, batch: Tensor) => {
      const kept = mul(updates.get(running) ?? running, 1 - momentum);
      updates.set(running, add(kept, mul(reshapeLike(batch, running), momentum)));
    };
    renew(runningMean, mean);
    renew(runningVar, unbiased);
    const tracked = this.num_batches_tracked.tensor;
    updates.set(tracked, add(updates.get(tracked) ?? tracked, constant([1], [], 'int64')));
    return y;
  }
}
