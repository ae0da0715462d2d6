import { join } from 'node:path';
import {
  DivergedError,
  messageOf,
  type Parameter,
  runTraining,
  type State,
  type StepReport,
  UserError,
  writeCheckpoint,
} from '@unweather/core-tensor';
import type { Reporter } from '../reporter.js';
import type { Position, Stage } from './stage.js';
import type { Validation } from './validation.js';
import type { WeightAverage } from './weight-average.js';

/** A training: stages that share one state, which is saved, averaged and validated on the way. */
export interface Run {
  /** Folder of the checkpoint and of the other files that the run writes. */
  readonly folder: string;
  /** Name of the checkpoint in the folder. */
  readonly file: string;
  /** Name of the trained network. */
  readonly network: string;
  /** Name of the checkpoint's contents, if they are more than the network; default: `network`. */
  readonly contents?: string;
  /** Parameters of the trained network. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly stages: readonly [Stage, ...Stage[]];
  readonly seed: number;
  /** Settings that identify the run, saved in every checkpoint. */
  readonly settings: unknown;
  /** Steps between checkpoints. */
  readonly saveEvery: number;
  /** Moving average of the weights, saved in average.safetensors and scored in their place. */
  readonly average?: WeightAverage | undefined;
  readonly validation?: Validation | undefined;
  /** Completes the weights after the last step; called for the average as well. */
  complete?(state: State): Promise<State>;
  /** Called after every checkpoint. */
  onSave?(step: number, state: State): void;
  readonly reporter: Reporter;
  /** Ends the run after the current step when aborted. */
  readonly signal: AbortSignal;
}

/** State of a run that ended. */
export interface Outcome {
  /** False if the signal came first; the run can be resumed from its checkpoint. */
  readonly finished: boolean;
  readonly state: State;
  /** Weights of the network: the averaged ones if there is an average. */
  readonly weights: State;
}

/**
 * Trains stage by stage until the last step is done or the signal is aborted. Writes the checkpoint in both cases, and
 * after any failure but a loss that is no longer a number.
 * @param from progress so far
 * @throws UserError if a picture cannot be used, a file cannot be written, or a loss is no longer a number
 */
export async function runStages(run: Run, from: Position): Promise<Outcome> {
  const { average, reporter, signal } = run;
  const total = totalOf(run);
  let at = from;
  for (const stage of run.stages) if (stage.to > at.done && !signal.aborted) at = await runStage(run, stage, at);
  const finished = at.done === total;
  const complete = async (state: State) => (finished && run.complete ? run.complete(state) : state);
  const completed = async () => ({
    state: await complete(at.state),
    averaged: average && (await complete(average.of(weightsOf(run, at.state)))),
  });
  const { state, averaged } = await completed().catch((thrown: unknown) => rescue(run, at.done, at.state, thrown));
  const weights = averaged ?? weightsOf(run, state);
  await save(run, at.done, state, averaged);
  reporter.wrote(join(run.folder, run.file));
  if (averaged) reporter.wrote(averageIn(run.folder));
  if (finished) await validate(run, total, weights);
  else reporter.say(`stopped after step ${at.done} of ${total}; go on with --resume`);
  return { finished, state, weights };
}

async function runStage(run: Run, stage: Stage, from: Position): Promise<Position> {
  const { average, reporter, signal, saveEvery, validation } = run;
  const total = totalOf(run);
  if (stage.title !== undefined) reporter.say(stage.title);
  const open = await stage.open(from.state);
  const { executable, shape, optimiser } = open;
  // State that the stage does not update keeps its value; state that is not the run's (frozen networks) is left out.
  const state = async (): Promise<State> => {
    const current = await executable.state();
    return new Map([...from.state].map(([name, value]) => [name, current.get(name) ?? value]));
  };
  let reached = from.done;
  const onStep = async (report: StepReport) => {
    const { step } = report;
    reached = step;
    reporter.step(report, total);
    await average?.add(step, state);
    if (step === total) return;
    const [saves, validates] = [saveEvery, validation?.every].map((every) => every !== undefined && step % every === 0);
    if (!saves && !validates) return;
    const now = await state();
    const averaged = average?.of(weightsOf(run, now));
    if (saves) await save(run, step, now, averaged);
    if (validates) await validate(run, step, averaged ?? weightsOf(run, now));
  };
  try {
    const done = await runTraining({
      ...{ executable, shape, optimiser, signal, onStep },
      batches: (fromStep) => open.batches(fromStep),
      learningRate: (batch) => stage.learningRate(batch),
      from: from.done,
      steps: stage.to,
    });
    return { done, state: await state() };
  } catch (thrown) {
    // A failure of the engine may leave no state to save.
    const now =
      reached > from.done && !(thrown instanceof DivergedError) ? await state().catch(() => undefined) : undefined;
    if (now === undefined) throw thrown;
    return await rescue(run, reached, now, thrown);
  } finally {
    reporter.pause();
    await open.close();
  }
}

async function save(run: Run, step: number, state: State, averaged?: State): Promise<void> {
  await write(run, step, state, averaged);
  run.onSave?.(step, state);
}

/** Saves the work of a run that has failed, then throws the failure, with how to go on. */
async function rescue(run: Run, step: number, state: State, thrown: unknown): Promise<never> {
  const { reporter, average } = run;
  reporter.pause();
  try {
    await write(run, step, state, average?.of(weightsOf(run, state)));
  } catch {
    // What kept the run from going on, a full disk for instance, may keep the checkpoint from being written.
    throw thrown;
  }
  const file = join(run.folder, run.file);
  reporter.wrote(file);
  if (!(thrown instanceof UserError)) throw thrown;
  throw new UserError(`${messageOf(thrown)}; ${file} holds the work until step ${step}, go on with --resume`);
}

async function write(run: Run, step: number, state: State, averaged?: State): Promise<void> {
  const { folder, file, network, contents = network, average } = run;
  const whole = new Map([...state, ...(average?.saved() ?? [])]);
  await writeCheckpoint(join(folder, file), contents, whole, progressOf(run, step));
  if (averaged) await writeCheckpoint(averageIn(folder), network, averaged, progressOf(run, step));
}

async function validate(run: Run, step: number, weights: State): Promise<void> {
  const write = (path: string) => writeCheckpoint(path, run.network, weights, progressOf(run, step));
  await run.validation?.score(step, weights, write, run);
}

function averageIn(folder: string): string {
  return join(folder, 'average.safetensors');
}

function progressOf({ seed, settings }: Run, step: number) {
  return { step, seed, recipe: settings };
}

function totalOf({ stages }: Run): number {
  return stages.at(-1)!.to;
}

/** Weights of the network in the state of its run. */
function weightsOf({ parameters }: Run, state: State): State {
  return new Map([...parameters.keys()].map((name) => [name, state.get(name)!]));
}
