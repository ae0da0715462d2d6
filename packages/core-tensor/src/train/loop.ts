import type { Executable } from '../engines/executable.js';
import { float32, type TensorData } from '../graph/tensor-data.js';
import type { Optimiser } from '../optim/optimiser.js';
import { UserError } from '../support/error.js';
import { listed } from '../support/shown.js';
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
  /** Files that its pictures come from, for messages. */
  readonly files?: readonly string[];
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
  /** Steps (1 for the first) whose batches are left out: they update nothing. */
  readonly skips?: ReadonlySet<number>;
  /** Called in place of onStep after a step that was left out, and awaited. */
  onSkip?(step: number): void | Promise<void>;
}

/**
 * Error of a training whose loss or state is no longer made of numbers; the weights that it has reached are of no use.
 */
export class DivergedError extends UserError {
  /**
   * @param step step that failed, 1 for the first
   * @param what what is wrong, with the step and the files of its batch
   */
  constructor(
    readonly step: number,
    readonly what: string,
    remedy = 'lower the learning rate',
  ) {
    super(`${what}; ${remedy}`);
  }
}

/** Most characters of a path that a message shows: its end, where the name is. */
const LONGEST = 80;

/**
 * Makes the error of a step that diverged.
 * @param problem `loss term "l1" is NaN`
 * @param files of the step's batch, if they are known; the message names ten at most
 */
export function diverged(step: number, problem: string, files: readonly string[] = []): DivergedError {
  const ends = files.map((file) => (file.length > LONGEST ? `…${file.slice(1 - LONGEST)}` : file));
  const on = files.length === 0 ? '' : `, on ${listed(ends)}`;
  return new DivergedError(step, `training diverged: ${problem} at step ${step}${on}`);
}

/**
 * Runs training steps until `steps` are done or the signal is aborted.
 * @returns number of steps done; the state is in the executable
 * @throws DivergedError when a loss is no longer a number
 */
export async function runTraining(run: TrainingRun): Promise<number> {
  const { from, steps, signal, skips } = run;
  let done = from;
  if (done >= steps || signal?.aborted) return done;
  for await (const batch of run.batches(from)) {
    done = batch.step + 1;
    if (skips?.has(done)) await run.onSkip?.(done);
    else {
      const report = await update(run, batch);
      await run.onStep?.(report);
    }
    if (done >= steps || signal?.aborted) break;
  }
  return done;
}

/** Updates the state by one batch. @throws DivergedError when a loss is no longer a number */
async function update(
  { executable, shape, optimiser, ...run }: TrainingRun,
  batch: TrainingBatch,
): Promise<StepReport> {
  const size = [batch.size, shape.channels, shape.height, shape.width];
  const rate = run.learningRate(batch);
  const step = batch.step + 1;
  const outputs = await executable.run({
    input: float32(batch.input, size),
    target: float32(batch.truth, size),
    ...batch.given,
    ...optimiser.inputs(step, rate),
  });
  const { mse, ...loss } = Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, Number(data[0])]),
  );
  for (const [name, value] of Object.entries(loss))
    if (!Number.isFinite(value)) throw diverged(step, `loss term "${name}" is ${value}`, batch.files);
  return { step, epoch: batch.epoch, learningRate: rate, loss, psnr: -10 * Math.log10(mse!), size: batch.size };
}
