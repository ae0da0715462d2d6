import {
  formatOf,
  learningRate,
  type OpenedEngine,
  type PictureNetwork,
  runTraining,
  type State,
  type StepShape,
  type TrainingBatch,
  type TrainingStep,
} from '@unweather/core-tensor';
import { Loader, type PairSource } from '@unweather/datasets';
import type { Phase } from './phases.js';
import { type EquippedLoss, optimiserOf, patchOf, type Recipe, stepOf } from './recipe.js';
import type { Reporter } from './reporter.js';

/** Everything a training needs from its first phase to its last. */
export interface Course {
  readonly network: PictureNetwork;
  readonly loss: EquippedLoss;
  readonly recipe: Recipe;
  readonly pairs: readonly PairSource[];
  /** Weights of the loss's frozen networks. */
  readonly judges: State;
  /** Steps of the whole training. */
  readonly total: number;
  readonly phases: readonly Phase[];
  readonly engine: OpenedEngine;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Called and awaited after every step. @param state reads the parameters and the optimiser's moments after it */
  onStep(step: number, state: () => Promise<State>): Promise<void>;
}

/** Makes the training step of a phase. */
export function phaseStep(
  { network, loss, recipe }: Pick<Course, 'network' | 'loss' | 'recipe'>,
  phase: Phase,
  batch?: number,
): { readonly shape: StepShape; readonly step: TrainingStep } {
  const shape = { batch, channels: formatOf(network).channels, ...patchOf(phase) };
  const { meanColour } = recipe;
  const step = stepOf(loss, network, shape, {
    optimiser: optimiserOf(recipe),
    frozenStatistics: phase.frozenStatistics,
    ...(meanColour !== undefined && { meanColour }),
  });
  return { shape, step };
}

/**
 * Trains phase by phase, from a given step until all steps are done or the signal is aborted.
 * @param from number of steps done so far
 * @param state parameters and moments
 * @returns the number of steps done, and the parameters and moments after them
 */
export async function runPhases(
  course: Course,
  from: number,
  state: State,
): Promise<{ readonly done: number; readonly state: State }> {
  let current = { done: from, state };
  for (const phase of course.phases)
    if (phase.to > current.done && !course.signal.aborted)
      current = await runPhase(course, phase, current.done, current.state);
  return current;
}

async function runPhase(course: Course, phase: Phase, from: number, first: State) {
  const { recipe, loss, engine, reporter, signal, pairs, total, network, judges } = course;
  const { colour } = formatOf(network);
  const loader = new Loader({
    ...recipe,
    crop: phase.crop,
    repeats: recipe.updatesPerBatch ?? 1,
    colour,
    pairs,
  });
  try {
    const { shape, step } = phaseStep(course, phase, loader.batchSize);
    const executable = await engine.training(step, new Map([...first, ...judges]));
    const state = async () => kept(await executable.state(), first, step);
    try {
      const done = await runTraining({
        executable,
        shape,
        optimiser: step.optimiser,
        batches: (fromStep) => furnished(loader.batches(fromStep), loss),
        learningRate: (batch) => rateAt(recipe, batch, total),
        from,
        steps: phase.to,
        signal,
        async onStep(report) {
          reporter.step(report, total);
          await course.onStep(report.step, state);
        },
      });
      return { done, state: await state() };
    } finally {
      reporter.pause();
      await executable.dispose();
    }
  } finally {
    await loader.close();
  }
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

/**
 * State to save in a checkpoint: weights in state_dict order, then the optimiser's moments. A parameter that the
 * network does not use (DuRN-U's `shift`) keeps its initial value; the loss's frozen networks are left out.
 */
function kept(current: State, first: State, step: TrainingStep): State {
  const names = [...step.parameters.keys(), ...step.optimiserState().keys()];
  return new Map(names.map((name) => [name, current.get(name) ?? first.get(name)!]));
}
