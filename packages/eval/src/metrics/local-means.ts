import { blend, box, type Row, renew, rowsOf, shifts } from './kernel/rows.js';
import type { Moments, PlanePair } from './moments.js';
import type { SsimWindow } from './window.js';

/** Means over a window that slides over two planes, row by row; only a few rows are kept in memory. */
export interface LocalMeans {
  /** Means at every place of the last row of windows. */
  readonly means: Moments;
  /** Two rows that the caller may write to. */
  readonly spare: readonly [Row, Row];
  /** Takes in the next row of the planes, from the top; means are valid once a window's height of rows was taken. */
  take(): void;
}

/** Starts at the top. Only one may be in use at a time, since all rows share one memory. */
export function localMeans(pair: PlanePair, { size, weights }: SsimWindow): LocalMeans {
  return weights === 'uniform' ? new UniformMeans(pair, size) : new WeightedMeans(pair, size, weights);
}

/** State shared by both kinds: the last rows, as many as the window's, in a ring. */
class Ring {
  readonly means: Moments;
  readonly spare: readonly [Row, Row];
  /** Moments of one row of the planes, or sums over several rows. */
  protected readonly current: Moments;
  protected readonly ring: readonly Moments[];
  protected readonly line: Row;
  /** Number of windows next to each other. */
  protected readonly across: number;
  protected taken = 0;

  constructor(
    protected readonly pair: PlanePair,
    protected readonly size: number,
  ) {
    this.across = pair.width - size + 1;
    const rows = rowsOf(3 + 4 * (2 + size), pair.width);
    const four = () => rows.splice(0, 4) as [Row, Row, Row, Row];
    this.means = four();
    this.current = four();
    this.ring = Array.from({ length: size }, four);
    [this.line, ...this.spare] = rows as [Row, Row, Row];
  }
}

/** Means with equal weights: sums over columns, updated row by row. */
class UniformMeans extends Ring implements LocalMeans {
  take(): void {
    // `means` is free until the sums are updated, so it holds the incoming row.
    const oldest = this.ring[this.taken % this.size]!;
    this.pair.read(this.taken++, this.means);
    for (const [k, sums] of this.current.entries()) renew(sums, oldest[k]!, this.means[k]!);
    if (this.taken < this.size) return;
    for (const [k, mean] of this.means.entries())
      box(mean, this.across, this.current[k]!, this.size, 1 / (this.size * this.size));
  }
}

/** Weighted means: each row is weighted along itself and kept, then the kept rows are weighted along columns. */
class WeightedMeans extends Ring implements LocalMeans {
  constructor(pair: PlanePair, size: number, weights: readonly number[]) {
    super(pair, size);
    this.line.values.set(weights);
  }

  take(): void {
    const { size, ring, line, across } = this;
    this.pair.read(this.taken, this.current);
    const slot = ring[this.taken++ % size]!;
    for (const [k, row] of this.current.entries()) blend(slot[k]!, across, line, shifts(row));
    if (this.taken < size) return;
    const inOrder = ring.map((_, i) => ring[(this.taken + i) % size]!);
    for (const [k, mean] of this.means.entries()) {
      const addresses = inOrder.map((moments) => moments[k]!.address);
      blend(mean, across, line, addresses);
    }
  }
}
