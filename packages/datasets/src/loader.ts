import { fileURLToPath } from 'node:url';
import { UserError } from '@unweather/core-tensor';
import { Piscina } from 'piscina';
import type { BatchAnswer, BatchTask, PatchOptions } from './batch-worker.js';
import { groups, type VisitOrder, visitsOf } from './visits.js';

export interface LoaderOptions extends VisitOrder, PatchOptions {
  /** Pairs per batch. The last batch of an epoch may hold fewer. */
  readonly batch: number;
  /** How often in a row the same patches are given, with what is synthesised drawn anew; default 1. */
  readonly repeats?: number;
  /** Worker threads that decode; default 1. */
  readonly threads?: number;
  /** Batches made ahead; default 2. */
  readonly prefetch?: number;
}

/** Patches ready to train on. */
export interface Batch {
  /** Batches before this one since the start of training. */
  readonly step: number;
  readonly epoch: number;
  readonly names: readonly string[];
  readonly size: number;
  /** [size, channels, crop, crop], nominally in [0, 1]. */
  readonly input: Float32Array<ArrayBuffer>;
  readonly truth: Float32Array<ArrayBuffer>;
}

/**
 * Makes batches in worker threads, a bounded number ahead, in an order that the seed alone decides: the batch of a step
 * is the same whenever and however often it is asked for.
 */
export class Loader {
  readonly stepsPerEpoch: number;
  private readonly repeats: number;
  private readonly grouped: ReturnType<typeof groups>;
  private readonly pool: Piscina<BatchTask, BatchAnswer>;

  constructor(private readonly options: LoaderOptions) {
    this.grouped = groups(options);
    this.repeats = options.repeats ?? 1;
    this.stepsPerEpoch = Math.ceil(this.grouped.length / options.batch) * this.repeats;
    this.pool = new Piscina({
      filename: fileURLToPath(new URL('./batch-worker.js', import.meta.url)),
      minThreads: 1,
      maxThreads: options.threads ?? 1,
    });
  }

  /**
   * Endless batches, from a step on.
   * @throws UserError naming the pair and file that cannot be used
   */
  async *batches(fromStep: number): AsyncGenerator<Batch> {
    const ahead: Promise<Batch>[] = [];
    try {
      for (let step = fromStep; ; step++) {
        while (ahead.length <= (this.options.prefetch ?? 2)) {
          const batch = this.make(step + ahead.length);
          // A failure is met when its turn comes; until then it must not count as unhandled.
          batch.catch(() => undefined);
          ahead.push(batch);
        }
        yield await ahead.shift()!;
      }
    } finally {
      // The pool must not be ended under a worker that is about to answer.
      await Promise.allSettled(ahead);
    }
  }

  /** Ends the worker threads. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async make(step: number): Promise<Batch> {
    const { batch, crop, flip, rotate, resize, colour = 'rgb', order } = this.options;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const first = Math.floor((step % this.stepsPerEpoch) / this.repeats) * batch;
    const repeat = step % this.repeats;
    const visits =
      order === 'drawn'
        ? visitsOf(step, this.grouped, this.options).slice(0, batch)
        : visitsOf(epoch, this.grouped, this.options).slice(first, first + batch);
    const answer = await this.pool.run({ visits, crop, flip, rotate, resize, colour, repeat });
    if ('userError' in answer) throw new UserError(answer.userError);
    return { step, epoch, names: visits.map(({ source }) => source.name), size: visits.length, ...answer };
  }
}
