import { input } from '../graph/tensor.js';
import { trace } from '../graph/trace.js';
import type { Loss } from '../losses/loss.js';
import { mse } from '../losses/mse.js';
import type { Module } from '../nn/module.js';
import { clamp } from '../ops/clamp.js';
import { type StepOptions, type TrainingStep, updateStep } from '../optim/update.js';

/** Size of the training pictures. The batch may differ from step to step unless it is given; height and width may not. */
export interface StepShape {
  /** Pictures of every batch. Known sizes make smaller graphs, which open faster. */
  readonly batch?: number | undefined;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** How a training step differs from the usual one. */
export interface TrainingStepOptions extends StepOptions {
  /**
   * Whether running statistics (of batch norm) stay what they are and normalise, as they do in evaluation. Default: those
   * of the batch normalise and renew them.
   */
  readonly frozenStatistics?: boolean;
}

/**
 * Compiles network, loss and optimiser into one graph. Inputs: "input" and "target" [batch, channels, height, width], and
 * those of the optimiser. Outputs: the loss terms and "mse", the error of the clamped output.
 */
export function trainingStep(
  network: Module,
  loss: Loss,
  shape: StepShape,
  options: TrainingStepOptions = {},
): TrainingStep {
  const { inspect = false, frozenStatistics = false, ...update } = options;
  const size = [shape.batch ?? 'batch', shape.channels, shape.height, shape.width];
  const x = input('input', size);
  const target = input('target', size);
  const parameters = network.parameters();
  const { result, updates } = trace(frozenStatistics ? 'eval' : 'train', () => {
    const output = network.apply(x);
    return { output, terms: loss(output, target, x) };
  });
  const { output, terms } = result;
  const outputs = { ...terms, mse: mse(clamp(output, 0, 1), target), ...(inspect && { output }) };
  return updateStep({ ...update, inspect, outputs, minimise: terms.total, parameters, statistics: updates });
}
