import {
  DivergedError,
  messageOf,
  runTraining,
  type State,
  type StepReport,
  type TrainingBatch,
  UserError,
} from '@unweather/core-tensor';
import { requireNumbers, type Snapshot, weightsOf } from './checkpoints.js';
import { KeptStates, type KeptStatesOptions } from './kept-states.js';
import { Recovery, type RecoveryOptions } from './recovery.js';
import type { Position, Stage } from './stage.js';
import type { WeightAverage } from './weight-average.js';

/** A training: stages that share one state, which is saved, averaged and validated on the way. */
export interface Run extends KeptStatesOptions, RecoveryOptions {
  readonly stages: readonly [Stage, ...Stage[]];
  /** Moving average of the weights, saved in average.safetensors and scored in their place. */
  readonly average?: WeightAverage | undefined;
  /** Completes the weights after the last step; called for the average as well. */
  complete?(state: State): Promise<State>;
  /** Called with every state that is to be saved. */
  onSave?(step: number, state: State): void;
  /** Ends the run after the current step when aborted. */
  readonly signal: AbortSignal;
  /** Ends the run after the step that passes this time, in milliseconds as of `Date.now()`. */
  readonly deadline?: number | undefined;
  /** Ends the run after so many validations without a better one. */
  readonly stopAfterNoGain?: number | undefined;
}

/** State of a run that ended. */
export interface Outcome {
  /** False if the signal or the deadline came first; the run can be resumed from its checkpoint. */
  readonly finished: boolean;
  /** Steps done. */
  readonly done: number;
  readonly state: State;
  /** Weights of the network: the averaged ones if there is an average. */
  readonly weights: State;
}

/** A run under way. */
interface Way {
  readonly run: Run;
  readonly kept: KeptStates;
  readonly recovery: Recovery;
  readonly stop: Stop;
}

/** Reason for which a run stops before its last step. */
class Stop {
  private readonly own = new AbortController();
  readonly signal: AbortSignal;
  reason: 'time' | 'no gain' | undefined;

  constructor(asked: AbortSignal) {
    this.signal = AbortSignal.any([asked, this.own.signal]);
  }

  because(reason: 'time' | 'no gain'): void {
    this.reason ??= reason;
    this.own.abort();
  }
}

/**
 * Trains stage by stage until the last step is done or the signal is aborted. Writes the checkpoint in both cases and
 * after any failure, and keeps the one before it. When a loss or the state is no longer made of numbers, the last good
 * state is kept, and the run stops or goes on from there, as `onNan` says.
 * @param from progress so far
 * @throws UserError if a picture cannot be used or a file cannot be written, and DivergedError if a loss or the state is
 * no longer made of numbers; they name the checkpoint
 */
export async function runStages(run: Run, from: Position): Promise<Outcome> {
  const { reporter, parameters } = run;
  const stop = new Stop(run.signal);
  const total = totalOf(run);
  let at: Snapshot = { ...from, average: run.average };
  const kept = await KeptStates.open(run, at);
  const way = { run, kept, stop, recovery: new Recovery(run, kept, from.rateShare ?? 1) };
  // A run that ended between a checkpoint and its score is scored now.
  if (at.done < total && kept.scores(at.done)) await kept.score(at);
  while (at.done < total && !stop.signal.aborted) at = await runStage(way, at);
  const finished = at.done === total;
  // A run that stopped for want of gain is over, but its checkpoint stays as it is, so that it can go on.
  const over = finished || stop.reason === 'no gain';
  const { state, averaged } = await completed(run, at, over).catch((thrown: unknown) => rescue(way, at, thrown));
  const weights = averaged ?? weightsOf(parameters, state);
  try {
    await kept.write(finished ? { ...at, state } : at, averaged);
  } catch (thrown) {
    if (thrown instanceof DivergedError) await way.recovery.end(thrown);
    throw thrown;
  }
  run.onSave?.(at.done, state);
  reporter.wrote(kept.paths.checkpoint);
  if (averaged) reporter.wrote(kept.paths.average);
  if (finished) await kept.score(at, weights);
  else reporter.say(`stopped after step ${at.done} of ${total}${whyOf(run, stop)}; go on with --resume`);
  return { finished: over, done: at.done, state, weights };
}

function whyOf({ validation, stopAfterNoGain }: Run, { reason }: Stop): string {
  if (reason === 'time') return ', since the time of --max-time is over';
  if (reason === undefined) return '';
  return `, since the last ${stopAfterNoGain} validations gained nothing in ${validation!.metric.toUpperCase()}`;
}

/** Completes the weights of a run that is finished, and their average. */
async function completed(run: Run, { state, average }: Snapshot, finished: boolean) {
  const complete = async (weights: State) => (finished && run.complete ? run.complete(weights) : weights);
  return {
    state: await complete(state),
    averaged: average && (await complete(average.of(weightsOf(run.parameters, state)))),
  };
}

/** Trains until the end of a stage. @returns where the run goes on: there, or at its last good state if it diverged */
async function runStage({ run, kept, recovery, stop }: Way, from: Snapshot): Promise<Snapshot> {
  const { reporter, validation, deadline, stopAfterNoGain = Infinity } = run;
  const { signal } = stop;
  const { average, rateShare = 1 } = from;
  const total = totalOf(run);
  const stage = run.stages.find(({ to }) => to > from.done)!;
  if (stage.title !== undefined) reporter.say(stage.title);
  const place = {
    ...(run.part !== undefined && { part: run.part }),
    ...(stage.name !== undefined && { stage: stage.name }),
  };
  await reporter.stage?.({ ...place, network: run.network, from: from.done, to: stage.to, total });
  const open = await stage.open(from.state, rateShare);
  const { executable, shape, optimiser } = open;
  // State that the stage does not update keeps its value; state that is not the run's (frozen networks) is left out.
  const state = async (): Promise<State> => {
    const current = await executable.state();
    return new Map([...from.state].map(([name, value]) => [name, current.get(name) ?? value]));
  };
  const snapshot = async (done: number): Promise<Snapshot> => ({ done, state: await state(), average, rateShare });
  let files: readonly string[] = [];
  const note = (batch: TrainingBatch) => {
    files = batch.files ?? [];
  };
  let reached = from.done;
  const hold = async (step: number) => {
    reached = step;
    if (step === total || !(kept.wants(step) || step === recovery.suspect)) return;
    const now = await snapshot(step);
    kept.hold(now, files);
    if (kept.saves(step)) run.onSave?.(step, now.state);
  };
  const onStep = async (report: StepReport) => {
    reached = report.step;
    reporter.step({ ...place, ...report }, total);
    await average?.add(report.step, state);
    if ((await kept.prove()) && validation!.withoutGain >= stopAfterNoGain) stop.because('no gain');
    if (deadline !== undefined && Date.now() >= deadline) stop.because('time');
    await hold(report.step);
  };
  try {
    const done = await runTraining({
      ...{ executable, shape, optimiser, signal, onStep, onSkip: hold, skips: recovery.skips },
      batches: (fromStep) => noting(open.batches(fromStep, recovery.skips), note),
      learningRate: (batch) => rateShare * stage.learningRate(batch),
      from: from.done,
      steps: stage.to,
    });
    const end = await snapshot(done);
    requireNumbers(end.state, done, files);
    return end;
  } catch (thrown) {
    if (thrown instanceof DivergedError) return await recovery.after(thrown, optimiser.accumulates ?? 1);
    // A failure of the engine may leave no state to save.
    const now = reached > from.done ? await snapshot(reached).catch(() => undefined) : undefined;
    if (now === undefined) throw thrown;
    return await rescue({ run, kept, recovery, stop }, now, thrown);
  } finally {
    reporter.pause();
    await open.close();
  }
}

async function* noting(
  batches: AsyncIterable<TrainingBatch>,
  note: (batch: TrainingBatch) => void,
): AsyncGenerator<TrainingBatch> {
  for await (const batch of batches) {
    note(batch);
    yield batch;
  }
}

/** Saves the work of a run that has failed, then throws the failure, with how to go on. */
async function rescue({ run, kept }: Way, now: Snapshot, thrown: unknown): Promise<never> {
  const { reporter } = run;
  reporter.pause();
  try {
    await kept.write(now).catch((failed: unknown) => {
      if (!(failed instanceof DivergedError)) throw failed;
      return kept.secure();
    });
  } catch {
    // What kept the run from going on, a full disk for instance, may keep the checkpoint from being written.
    throw thrown;
  }
  if (kept.newest === undefined) throw thrown;
  const { checkpoint } = kept.paths;
  reporter.wrote(checkpoint);
  if (!(thrown instanceof UserError)) throw thrown;
  throw new UserError(
    `${messageOf(thrown)}; ${checkpoint} holds the work until step ${kept.newest}, go on with --resume`,
  );
}

function totalOf({ stages }: Run): number {
  return stages.at(-1)!.to;
}
