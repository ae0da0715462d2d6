import { DivergedError } from '@unweather/core-tensor';
import { ON_NAN, type OnNan } from '../on-nan.js';
import type { Reporter } from '../reporter.js';
import type { Snapshot } from './checkpoints.js';
import type { KeptStates } from './kept-states.js';

/** Times that a run goes back to one state before it gives up. */
const ATTEMPTS = 10;

/** Options for recovering from a divergence. */
export interface RecoveryOptions {
  /** Reaction of the run to a divergence; default: stop. */
  readonly onNan?: OnNan | undefined;
  readonly reporter: Reporter;
}

/**
 * Ways back of a run that diverges. The batches of a step are the same whenever it is done, so a run that goes back to
 * its last good state, and leaves out one batch, reaches what it would have reached without that batch.
 */
export class Recovery {
  /** Steps whose batches are left out. */
  readonly skips = new Set<number>();
  /** Step whose state is looked at, since the loss of the next one was no number. */
  suspect: number | undefined;
  private attempts = 0;
  private wentBackTo: number | undefined;

  /** @param rateShare share of the learning rates that the run begins with */
  constructor(
    private readonly options: RecoveryOptions,
    private readonly kept: KeptStates,
    private rateShare: number,
  ) {}

  /**
   * Chooses the state from which a run that diverged goes on.
   * @param group steps that make one update; they are left out together
   * @throws DivergedError naming the step, its files and the checkpoints, if the run is to stop or finds no way
   */
  async after(thrown: DivergedError, group: number): Promise<Snapshot> {
    const { onNan = 'stop', reporter } = this.options;
    const { good } = this.kept;
    this.attempts = this.wentBackTo === good.done ? this.attempts + 1 : 1;
    this.wentBackTo = good.done;
    reporter.pause();
    if (onNan === 'stop' || this.attempts > ATTEMPTS) return this.end(thrown);
    this.kept.goBack();
    if (onNan === 'skip') {
      const first = thrown.step - ((thrown.step - 1) % group);
      for (let step = first; step < first + group; step++) this.skips.add(step);
      this.suspect = first - 1;
      reporter.say(`${thrown.what}; its batch is left out, going on from step ${good.done}`);
    } else {
      this.rateShare /= 2;
      reporter.say(`${thrown.what}; going on from step ${good.done} with 1/${1 / this.rateShare} of the learning rate`);
    }
    return { ...good, rateShare: this.rateShare, average: good.average?.copy() };
  }

  /** Keeps the last good state. @throws DivergedError naming the step, its files and the checkpoints */
  async end({ step, what }: DivergedError): Promise<never> {
    // The divergence matters more than why the last good state cannot be written.
    const held = await this.kept.secure().catch(() => undefined);
    const tried = this.attempts > ATTEMPTS ? `, after ${ATTEMPTS} attempts from step ${this.kept.good.done} on` : '';
    const others = `--on-nan ${ON_NAN.filter((way) => way !== 'stop' && way !== this.options.onNan).join(' or ')}`;
    const remedy =
      held === undefined
        ? `no checkpoint was written before; lower the learning rate, or use ${others}`
        : `${held}; lower the learning rate, or go on from there with --resume ${others}`;
    throw new DivergedError(step, `${what}${tried}`, remedy);
  }
}
