import {
  formatOf,
  learningRate,
  type OpenedEngine,
  type PictureNetwork,
  type State,
  type StepShape,
  type TrainingBatch,
  type TrainingStep,
  UserError,
} from '@unweather/core-tensor';
import { Loader, type PairSource } from '@unweather/datasets';
import type { SkippedPairs } from '../bad-pairs.js';
import { type EquippedLoss, optimiserOf, patchOf, type Recipe, stepOf } from '../recipe.js';
import { openParts, type Stage } from '../run/stage.js';
import type { Phase } from './phases.js';

/** Everything that the stages of a training have in common. */
export interface Course {
  readonly network: PictureNetwork;
  readonly loss: EquippedLoss;
  readonly recipe: Recipe;
  readonly pairs: readonly PairSource[];
  /** Weights of the loss's frozen networks. */
  readonly judges: State;
  /** Steps of the whole training. */
  readonly total: number;
  readonly engine: OpenedEngine;
  /** Pictures per batch; undefined if batches differ in size. */
  readonly batchSize: number | undefined;
  /** Called for pairs that cannot be used, which are replaced; without it, the first one ends the training. */
  readonly onBadPair: SkippedPairs['add'] | undefined;
}

/** Makes the training step of a phase. @throws UserError for settings of the recipe that exclude each other */
export function phaseStep(
  { network, loss, recipe }: Pick<Course, 'network' | 'loss' | 'recipe'>,
  phase: Phase,
  batch?: number,
): { readonly shape: StepShape; readonly step: TrainingStep } {
  const shape = { batch, channels: formatOf(network).channels, ...patchOf(phase) };
  const { meanColour, clipNorm } = recipe;
  if (clipNorm !== undefined && recipe.accumulate !== undefined)
    throw new UserError(
      `recipe "${recipe.name}": clipNorm limits the gradients of each batch, accumulate adds those of several; leave out one`,
    );
  const step = stepOf(loss, network, shape, {
    optimiser: optimiserOf(recipe),
    frozenStatistics: phase.frozenStatistics,
    ...(meanColour !== undefined && { meanColour }),
    ...(clipNorm !== undefined && { clipNorm }),
  });
  return { shape, step };
}

/** Stage of a run for a phase of its recipe. */
export function stageOf(course: Course, phase: Phase): Stage {
  const { recipe, loss, network, total, engine, judges, pairs, onBadPair } = course;
  return {
    to: phase.to,
    learningRate: (batch) => rateAt(recipe, batch, total),
    open: (state) =>
      openParts(async (keep) => {
        const { shape, step } = phaseStep(course, phase, course.batchSize);
        const training = await engine.training(step, new Map([...state, ...judges]));
        const executable = keep(training, (it) => it.dispose());
        const { colour } = formatOf(network);
        const repeats = recipe.updatesPerBatch ?? 1;
        const patches = new Loader({ ...recipe, crop: phase.crop, repeats, colour, pairs, onBadPair });
        const loader = keep(patches, (it) => it.close());
        return {
          ...{ executable, shape, optimiser: step.optimiser },
          batches: (fromStep) => furnished(loader.batches(fromStep), loss),
        };
      }),
  };
}

/** Adds to each batch the loss's further inputs at its epoch. */
async function* furnished(
  batches: AsyncIterable<TrainingBatch>,
  { given }: EquippedLoss,
): AsyncGenerator<TrainingBatch> {
  for await (const batch of batches) yield given === undefined ? batch : { ...batch, given: given(batch.epoch) };
}

function rateAt(recipe: Recipe, at: { step: number; epoch: number }, steps: number): number {
  const [done, total] = 'epochs' in recipe.duration ? [at.epoch, recipe.duration.epochs] : [at.step, steps];
  return learningRate(recipe.schedule, recipe.learningRate, done, total);
}
