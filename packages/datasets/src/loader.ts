import { inOrder, UserError } from '@unweather/core-tensor';
import type { BadVisit, BatchTask, MadeBatch, PatchOptions } from './batch-worker.js';
import type { PairSource } from './pair.js';
import { ThreadPool } from './thread-pool.js';
import { groups, type Visit, type VisitOrder, visitsOf, withoutVisit } from './visits.js';

/** Plan of batches: the visits of each step, the same at every call. */
export interface Plan {
  readonly stepsPerEpoch: number;
  /** Pictures per batch; undefined if batches differ in size. */
  readonly batchSize?: number | undefined;
  /** Visits that make the batch of a step, in order. */
  visits(step: number): Visit[];
  /** Number of earlier batches made of the step's visits; default 0. */
  repeat?(step: number): number;
  /** Replaces a visit whose pair cannot be used; without this, such a pair ends the loading. */
  instead?(visits: readonly Visit[], index: number, attempt: number): Visit[];
}

/** Epochs over a list of pairs. */
export interface EpochOptions extends VisitOrder {
  /** Pairs (or triples) per batch. The last batch of an epoch may hold fewer. */
  readonly batch: number;
  /** Number of times in a row that the same patches appear, each with a new synthesised degradation; default 1. */
  readonly repeats?: number;
}

interface WorkOptions extends PatchOptions {
  /** Worker threads that decode; default 1. */
  readonly threads?: number;
  /** Batches made ahead; default 2. */
  readonly prefetch?: number;
  /**
   * Called for a pair that cannot be used, with the reason; another pair takes its place. Without it, the first such
   * pair ends the loading.
   */
  readonly onBadPair?: ((pair: PairSource, why: string) => void) | undefined;
}

export type EpochLoaderOptions = WorkOptions & EpochOptions;
/** Options of a {@link Loader}: epochs by a recipe’s rules, or visits by a plan. */
export type LoaderOptions = EpochLoaderOptions | (WorkOptions & { readonly plan: Plan });

/** Counts the steps per epoch of a list, and the pictures per batch where all batches have the same size. */
export function epochsOf(options: EpochOptions): Pick<Plan, 'stepsPerEpoch' | 'batchSize'> {
  return epochPlan(options);
}

/** Plans the visits of epochs over a list. */
function epochPlan(options: EpochOptions): Plan {
  const { batch, repeats = 1, order } = options;
  const grouped = groups(options);
  const stepsPerEpoch = Math.ceil(grouped.length / batch) * repeats;
  const [size, rest] = order === 'drawn' ? [Math.min(batch, grouped.length), 0] : [batch, grouped.length % batch];
  return {
    stepsPerEpoch,
    batchSize: rest === 0 ? size * (options.visit === 'triple' ? 3 : 1) : undefined,
    visits(step) {
      if (order === 'drawn') return visitsOf(step, grouped, options).slice(0, batch).flat();
      const first = Math.floor((step % stepsPerEpoch) / repeats) * batch;
      return visitsOf(Math.floor(step / stepsPerEpoch), grouped, options)
        .slice(first, first + batch)
        .flat();
    },
    repeat: (step) => step % repeats,
    instead: (visits, index, attempt) => withoutVisit(visits, index, attempt, grouped, options),
  };
}

/** Patches ready to train on. */
export interface Batch {
  /** Number of batches before this one since the start of training. */
  readonly step: number;
  readonly epoch: number;
  readonly names: readonly string[];
  /** Files of its degraded pictures, or of the clean ones where weather is added to them; each once. */
  readonly files: readonly string[];
  readonly size: number;
  /** [size, channels, crop, crop], nominally in [0, 1]. */
  readonly input: Float32Array<ArrayBuffer>;
  readonly truth: Float32Array<ArrayBuffer>;
}

/**
 * Makes batches in worker threads, a bounded number ahead. The seed alone decides their order: the batch of a step is
 * the same whenever and however often it is requested.
 */
export class Loader {
  readonly stepsPerEpoch: number;
  /** Pictures per batch; undefined if batches differ in size. */
  readonly batchSize: number | undefined;
  private readonly plan: Plan;
  private readonly pool: ThreadPool<BatchTask, MadeBatch | BadVisit>;

  constructor(private readonly options: LoaderOptions) {
    const { crop, rotate = false } = options;
    if (rotate && typeof crop !== 'number' && crop.width !== crop.height)
      throw new RangeError(
        `patches of ${crop.width}×${crop.height} cannot be rotated by a right angle; use a square crop`,
      );
    this.plan = 'plan' in options ? options.plan : epochPlan(options);
    this.stepsPerEpoch = this.plan.stepsPerEpoch;
    this.batchSize = this.plan.batchSize;
    const size = { least: 1, most: options.threads ?? 1 };
    this.pool = new ThreadPool(new URL('./batch-worker.js', import.meta.url), 'reads pairs', size);
  }

  /**
   * Yields endless batches, from a step on.
   * @throws UserError naming the pair and file that cannot be used, unless such pairs are replaced
   */
  async *batches(fromStep: number): AsyncGenerator<Batch> {
    // A consumer that stops waits for the batches under way: the pool must not end while a worker is about to answer.
    yield* inOrder(stepsFrom(fromStep), this.options.prefetch ?? 2, (step) => this.make(step));
  }

  /** Ends the worker threads. */
  async close(): Promise<void> {
    await this.pool.close();
  }

  private async make(step: number): Promise<Batch> {
    const { colour = 'rgb', ...options } = this.options;
    const { crop, flip, rotate, colourJitter, photoJitter, compression, resize, small } = options;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const repeat = this.plan.repeat?.(step) ?? 0;
    const patches = { crop, flip, rotate, colourJitter, photoJitter, compression, resize, small, colour, repeat };
    let visits = this.plan.visits(step);
    for (let attempt = 1; ; attempt++) {
      const answer = await this.pool.run({ visits, ...patches });
      if (!('badVisit' in answer)) {
        const sources = visits.map(({ source }) => source);
        const files = new Set(sources.map((source) => (source.kind === 'files' ? source.input : source.truth)));
        return {
          step,
          epoch,
          names: sources.map(({ name }) => name),
          files: [...files],
          size: visits.length,
          ...answer,
        };
      }
      const { badVisit, why } = answer;
      const { onBadPair } = this.options;
      if (onBadPair === undefined || this.plan.instead === undefined || attempt > ATTEMPTS) throw new UserError(why);
      onBadPair(visits[badVisit]!.source, why);
      visits = this.plan.instead(visits, badVisit, attempt);
    }
  }
}

/** Pairs that are tried for a batch besides its own, if those cannot be used. */
const ATTEMPTS = 100;

function* stepsFrom(first: number): Generator<number> {
  for (let step = first; ; step++) yield step;
}
