import type { Executable } from '../engines/executable.js';
import { float32, type TensorData } from '../graph/tensor-data.js';
import type { Optimiser } from '../optim/optimiser.js';
import { UserError } from '../support/error.js';
import type { StepShape } from './step.js';

/** One batch of pairs as the loop takes it; pictures are NCHW float32 in [0, 1]. */
export interface TrainingBatch {
  /** Steps before this one, from 0. */
  readonly step: number;
  readonly epoch: number;
  /** Pairs in the batch. */
  readonly size: number;
  readonly input: Float32Array<ArrayBuffer>;
  readonly truth: Float32Array<ArrayBuffer>;
  /** Other inputs of the step, such as outputs of teachers. */
  readonly given?: Readonly<Record<string, TensorData>>;
}

/** Report of one training step. */
export interface StepReport {
  /** Steps done, this one included. */
  readonly step: number;
  readonly epoch: number;
  readonly learningRate: number;
  /** Loss terms by name, before the update. */
  readonly loss: Readonly<Record<string, number>>;
  /** PSNR of the clamped output against the truth, in dB over the batch, before the update. */
  readonly psnr: number;
  readonly size: number;
}

/** A training run, from `from` to `steps`. */
export interface TrainingRun {
  readonly executable: Executable;
  readonly shape: StepShape;
  readonly optimiser: Optimiser;
  /** Batches from a step on; each step's batch must be the same whichever step a run starts from. */
  batches(fromStep: number): AsyncIterable<TrainingBatch>;
  /** Learning rate for a batch. */
  learningRate(batch: TrainingBatch): number;
  readonly from: number;
  readonly steps: number;
  /** Ends the loop after the current step when aborted. */
  readonly signal?: AbortSignal;
  /** Called after every update, and awaited. */
  onStep?(report: StepReport): void | Promise<void>;
}

/** Error of a training whose loss is no longer a number; the weights that it has reached are of no use. */
export class DivergedError extends UserError {}

/**
 * Runs training steps until `steps` are done or the signal is aborted.
 * @returns number of steps done; the state is in the executable
 * @throws DivergedError when a loss is no longer a number
 */
export async function runTraining(run: TrainingRun): Promise<number> {
  const { executable, shape, from, steps, signal } = run;
  let done = from;
  if (done >= steps || signal?.aborted) return done;
  for await (const batch of run.batches(from)) {
    const size = [batch.size, shape.channels, shape.height, shape.width];
    const rate = run.learningRate(batch);
    const outputs = await executable.run({
      input: float32(batch.input, size),
      target: float32(batch.truth, size),
      ...batch.given,
      ...run.optimiser.inputs(batch.step + 1, rate),
    });
    const { mse, ...loss } = Object.fromEntries(
      Object.entries(outputs).map(([name, { data }]) => [name, Number(data[0])]),
    );
    done = batch.step + 1;
    for (const [name, value] of Object.entries(loss))
      if (!Number.isFinite(value))
        throw new DivergedError(
          `training diverged: loss term "${name}" is ${value} at step ${done}; lower the learning rate`,
        );
    const psnr = -10 * Math.log10(mse!);
    await run.onStep?.({ step: done, epoch: batch.epoch, learningRate: rate, loss, psnr, size: batch.size });
    if (done >= steps || signal?.aborted) break;
  }
  return done;
}
