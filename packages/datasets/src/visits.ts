import { basename } from 'node:path';
import { Random, UserError } from '@unweather/core-tensor';
import type { PairSource } from './pair.js';

/** What decides which pairs are visited in which order. */
export interface VisitOrder {
  readonly pairs: readonly PairSource[];
  /**
   * 'shuffled': another order every epoch; 'list': the list's own, as loaders that do not shuffle; 'drawn': every batch
   * is the start of an order of its own, so that nothing but its own pictures differ.
   */
  readonly order: 'shuffled' | 'list' | 'drawn';
  /**
   * 'pair': every pair is a visit. 'truth': pairs with one truth are one visit, for which one of them is drawn; 'name':
   * pairs whose truths have the same file name are (DID-MDN keeps a truth of its own for each level of rain). 'triple':
   * the three pairs with one truth are visited together, cut alike, in the list's order.
   */
  readonly visit: 'pair' | 'truth' | 'name' | 'triple';
  readonly seed: number;
}

/** One picture to be put into a batch. */
export interface Visit {
  readonly source: PairSource;
  /** Name of the random stream of everything that is drawn for it. */
  readonly stream: string;
  /** Tells it from other visits of one stream: these are cut alike, but what is synthesised differs. */
  readonly variant?: number;
}

/**
 * Pairs grouped into what one visit draws from, or makes together.
 * @throws UserError naming the truth that has another number of pairs than a triple needs
 */
export function groups({ pairs, visit }: Pick<VisitOrder, 'pairs' | 'visit'>): PairSource[][] {
  if (visit === 'pair') return pairs.map((pair) => [pair]);
  const byTruth = new Map<string, PairSource[]>();
  for (const pair of pairs) {
    const key = visit === 'name' ? basename(pair.truth) : pair.truth;
    byTruth.set(key, [...(byTruth.get(key) ?? []), pair]);
  }
  for (const [truth, { length }] of visit === 'triple' ? byTruth : [])
    if (length !== 3)
      throw new UserError(
        `${truth}: the truth of ${length} inputs; a triple has 3 (light, medium and heavy), correct the meta file`,
      );
  return [...byTruth.values()];
}

/** The visits of one epoch in order, by group: one, or those of a triple; depends on nothing but the arguments. */
export function visitsOf(
  epoch: number,
  grouped: readonly PairSource[][],
  { order, seed, visit }: VisitOrder,
): Visit[][] {
  const positions =
    order === 'list' ? grouped.map((_, i) => i) : Random.named('order', seed, epoch).permutation(grouped.length);
  return positions.map((group, place) => {
    const stream = `sample:${seed}:${epoch}:${place}`;
    const variants = grouped[group]!;
    if (visit === 'triple') return variants.map((source, variant) => ({ source, stream, variant }));
    return [{ source: variants[Random.named(stream, 'variant').integer(variants.length)]!, stream }];
  });
}
