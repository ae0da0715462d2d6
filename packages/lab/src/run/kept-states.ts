import type { State } from '@unweather/core-tensor';
import type { Reporter } from '../reporter.js';
import { Checkpoints, type RunFiles, requireNumbers, type Snapshot, weightsOf } from './checkpoints.js';
import type { Validation } from './validation.js';

/** Most steps between two states that are held in memory, so that a run that diverges goes back by few steps. */
const HELD_EVERY = 25;

/** Options for keeping states. */
export interface KeptStatesOptions extends RunFiles {
  /** Steps between checkpoints. */
  readonly saveEvery: number;
  readonly validation?: Validation | undefined;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/**
 * States that a run can go back to. A state is good once the loss of the next step, which its weights give, is a number;
 * until then it is held in memory, and neither written nor scored: weights may be numbers and ruined all the same.
 */
export class KeptStates {
  /** State that waits for the next loss. */
  private waiting: Snapshot | undefined;

  private constructor(
    private readonly run: KeptStatesOptions,
    private readonly files: Checkpoints,
    /** The last good state. */
    public good: Snapshot,
  ) {}

  /** @param from state that the run begins with */
  static async open(run: KeptStatesOptions, from: Snapshot): Promise<KeptStates> {
    return new KeptStates(run, await Checkpoints.open(run, from.done), copied(from));
  }

  /** Path of the checkpoint, and of the average of the weights. */
  get paths(): { readonly checkpoint: string; readonly average: string } {
    return { checkpoint: this.files.path, average: this.files.averagePath };
  }

  /** Step that the checkpoint holds; undefined if the run has written none. */
  get newest(): number | undefined {
    return this.files.newest;
  }

  /** True if the state after a step is to be held. Early ones are held more often: many a training diverges at once. */
  wants(step: number): boolean {
    const early = step < HELD_EVERY && Number.isInteger(Math.log2(step));
    return early || step % HELD_EVERY === 0 || this.saves(step) || this.scores(step);
  }

  /** Holds a state until the next loss. @param files of the last batch @throws DivergedError if it is no numbers */
  hold(state: Snapshot, files: readonly string[]): void {
    requireNumbers(state.state, state.done, files);
    this.waiting = copied(state);
  }

  /**
   * Counts the state that waits as good; writes and scores it if its step is one of those.
   * @returns true if it was scored
   */
  async prove(): Promise<boolean> {
    const { waiting } = this;
    if (waiting === undefined) return false;
    this.waiting = undefined;
    this.good = waiting;
    if (this.saves(waiting.done)) await this.files.write(waiting);
    const scored = this.scores(waiting.done);
    if (scored) await this.score(waiting);
    return scored;
  }

  /**
   * Writes a state at once.
   * @param averaged averaged weights to write beside it; default: those of the state's average
   * @throws DivergedError if it is no numbers
   */
  async write(state: Snapshot, averaged?: State): Promise<void> {
    this.waiting = undefined;
    await this.files.write(state, averaged);
  }

  /** Drops the state that waits, and the scores since the last good one. */
  goBack(): void {
    this.waiting = undefined;
    this.run.validation?.goBack(this.good.done);
  }

  /** Writes the last good state, unless a checkpoint holds it; describes the checkpoints, if there are any. */
  async secure(): Promise<string | undefined> {
    const { good } = this;
    if (good.done > (this.files.newest ?? 0)) await this.files.write(good);
    return this.files.text();
  }

  /** Scores the weights of a state, or others of its step; does nothing if the step is scored already. */
  async score(at: Snapshot, others?: State): Promise<void> {
    const { validation, parameters } = this.run;
    const own = weightsOf(parameters, at.state);
    const weights = others ?? at.average?.of(own) ?? own;
    await validation?.score(at.done, weights, (path) => this.files.writeWeights(path, weights, at), this.run);
  }

  /** True if the state after a step is to be scored. */
  scores(step: number): boolean {
    const { validation } = this.run;
    return validation !== undefined && step > 0 && step % validation.every === 0;
  }

  /** True if the state after a step is to be written. */
  saves(step: number): boolean {
    return step % this.run.saveEvery === 0;
  }
}

/** The average goes on with the run; its copy stays as it is. */
function copied(state: Snapshot): Snapshot {
  return { ...state, average: state.average?.copy() };
}
