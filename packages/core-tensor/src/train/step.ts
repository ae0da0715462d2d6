import { input } from '../graph/tensor.js';
import { trace } from '../graph/trace.js';
import type { Loss } from '../losses/loss.js';
import { mse } from '../losses/mse.js';
import type { Module } from '../nn/module.js';
import { clamp } from '../ops/clamp.js';
import { type StepOptions, type TrainingStep, updateStep } from '../optim/update.js';

/** Size of the training pictures. The batch size may vary between steps unless given; height and width are fixed. */
export interface StepShape {
  /** Number of pictures per batch. Known sizes make smaller graphs, which open faster. */
  readonly batch?: number | undefined;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Options of a training step. */
export interface TrainingStepOptions extends StepOptions {
  /**
   * True if running statistics (of batch norm) are frozen and normalise, as in evaluation. By default the batch's
   * statistics normalise and update them.
   */
  readonly frozenStatistics?: boolean;
}

/**
 * Compiles network, loss and optimiser into one graph. Inputs: "input" and "target" [batch, channels, height, width],
 * and the optimiser's inputs. Outputs: the loss terms and "mse", the error of the clamped output.
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
