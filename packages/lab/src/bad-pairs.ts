import type { PairSource } from '@unweather/datasets';

/** What a training does about a pair that cannot be used: it stops, or takes another pair in its place. */
export const ON_BAD_PAIR = ['stop', 'skip'] as const;
/** What a training does about a pair that cannot be used. */
export type OnBadPair = (typeof ON_BAD_PAIR)[number];

/** Pairs that a training skips; each is told once. */
export class SkippedPairs {
  private readonly names = new Set<string>();

  /** @param say receives a sentence for each pair */
  constructor(private readonly say: (text: string) => void) {}

  /** Notes pairs that were told in another way. */
  note(pairs: readonly PairSource[]): void {
    for (const pair of pairs) this.names.add(keyOf(pair));
  }

  /** Notes a pair, and tells it with the reason if it is the first time; a Loader calls this. */
  readonly add = (pair: PairSource, why: string): void => {
    if (this.names.has(keyOf(pair))) return;
    this.names.add(keyOf(pair));
    this.say(`skipped: ${why}`);
  };

  /** Tells how many pairs were skipped, if any. */
  sum(): void {
    const { size } = this.names;
    if (size > 0) this.say(`${size} ${size === 1 ? 'pair was' : 'pairs were'} skipped, other pairs took their places`);
  }
}

function keyOf({ name, truth }: PairSource): string {
  return `${name} ${truth}`;
}
