import { access } from 'node:fs/promises';
import {
  initialState,
  type OpenedEngine,
  type Parameter,
  runTraining,
  type State,
  type TensorData,
  type TrainingStep,
  writeCheckpoint,
} from '@unweather/core-tensor';
import { Loader } from '@unweather/datasets';
import { type Reporter, resumedFrom } from '@unweather/lab';
import type { MixedPlan } from '../data/plan.js';
import type { Recipe } from '../recipes.js';
import { rateOfEpoch } from '../schedule.js';

/** Part of the training that uses one graph. */
export interface Stage {
  /** Name of the network in the checkpoint. */
  readonly network: string;
  readonly step: TrainingStep;
  /** Parameters in the checkpoint, besides moments: those of the student and of the transfer modules. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly frozen: State;
  /** Number of updates at the end of the stage, counted from the start of the run, and epochs of the whole run. */
  readonly until: number;
  readonly epochs: number;
  /** Other inputs of a step. */
  readonly given?: (input: Float32Array<ArrayBuffer>, at: number) => Promise<Record<string, TensorData>>;
}

export interface StageRun {
  readonly recipe: Recipe;
  readonly plan: MixedPlan;
  readonly engine: OpenedEngine;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Checkpoint, rewritten after every epoch. */
  readonly file: string;
  /** Identity of the run, for its checkpoint: recipe, pairs, teachers. */
  readonly identity: unknown;
  onEpoch?(epoch: number, state: State): Promise<void>;
}

/** Progress of a run. */
export interface Position {
  readonly done: number;
  /** Weights and moments. */
  readonly state: State;
}

/**
 * Returns the first position of a run, or that of its checkpoint.
 * @param start weights that replace random ones
 * @throws UserError if the checkpoint is of another run
 */
export async function positionOf(
  { file, identity, recipe }: Pick<StageRun, 'file' | 'identity' | 'recipe'>,
  { network, parameters, step }: Stage,
  resume: boolean,
  start: State = new Map(),
): Promise<Position> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!resume || !exists) {
    const first = initialState(parameters, recipe.seed);
    return { done: 0, state: new Map([...first, ...step.optimiserState(), ...start]) };
  }
  return resumedFrom(file, network, parameters, identity);
}

/** Trains until the stage ends or the signal comes; writes the checkpoint in either case. */
export async function runStage(stage: Stage, run: StageRun, from: Position): Promise<Position> {
  const { recipe, plan, reporter, signal, file } = run;
  if (from.done >= stage.until) return from;
  const shape = { channels: 3, height: recipe.crop, width: recipe.crop };
  const loader = new Loader({ plan, crop: recipe.crop, flip: true, small: 'resize' });
  const moments = stage.step.optimiserState();
  const first = new Map([...moments, ...from.state, ...stage.frozen]);
  const executable = await run.engine.training(stage.step, first);
  const keep = async (): Promise<State> => {
    const current = await executable.state();
    // State that this stage does not train (transfer modules in the second one) stays unchanged.
    return new Map([...from.state, ...[...current].filter(([name]) => !stage.frozen.has(name))]);
  };
  const save = async (done: number, state: State) =>
    writeCheckpoint(file, stage.network, state, { step: done, seed: recipe.seed, recipe: run.identity });
  const rates = { epochs: stage.epochs, warmUp: recipe.warmUp, rate: recipe.rate, least: recipe.leastRate };
  async function* batches(fromStep: number) {
    for await (const batch of loader.batches(fromStep))
      yield stage.given === undefined ? batch : { ...batch, given: await stage.given(batch.input, batch.step) };
  }
  try {
    const done = await runTraining({
      executable,
      shape,
      optimiser: stage.step.optimiser,
      batches,
      learningRate: ({ epoch }) => rateOfEpoch(epoch + 1, { ...rates, batch: recipe.batch }),
      from: from.done,
      steps: stage.until,
      signal,
      async onStep(report) {
        reporter.step(report, stage.until);
        if (report.step % plan.stepsPerEpoch !== 0) return;
        const state = await keep();
        await save(report.step, state);
        await run.onEpoch?.(report.step / plan.stepsPerEpoch, state);
      },
    });
    reporter.pause();
    const state = await keep();
    await save(done, state);
    return { done, state };
  } finally {
    reporter.pause();
    await loader.close();
    await executable.dispose();
  }
}
