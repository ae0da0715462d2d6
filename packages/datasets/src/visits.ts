import { basename } from 'node:path';
import { Random, UserError } from '@unweather/core-tensor';
import type { PairSource } from './pair.js';

/** Pairs to visit and the rules of their order. */
export interface VisitOrder {
  readonly pairs: readonly PairSource[];
  /**
   * 'shuffled': a new order every epoch; 'list': the list's order, as in loaders that do not shuffle; 'drawn': every
   * batch is the start of its own random order, so that only pictures within a batch are distinct.
   */
  readonly order: 'shuffled' | 'list' | 'drawn';
  /**
   * 'pair': every pair is a visit. 'truth': pairs with the same truth are one visit, which draws one of them. 'name':
   * the same for pairs whose truths share a file name (DID-MDN has a separate truth for each level of rain). 'triple':
   * the three pairs with the same truth are visited together, with the same crop, in the list's order.
   */
  readonly visit: 'pair' | 'truth' | 'name' | 'triple';
  readonly seed: number;
}

/** One sample of a batch. */
export interface Visit {
  readonly source: PairSource;
  /** Name of the visit's random stream. */
  readonly stream: string;
  /** Index among the visits of one stream: they have the same crop, but different synthesised degradations. */
  readonly variant?: number;
}

/**
 * Groups the pairs from which one visit draws, or which are visited together.
 * @throws UserError naming the truth whose number of pairs is not that of a triple
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
        `${truth}: is the truth of ${length} inputs, but a triple has 3 (light, medium and heavy); correct the meta file`,
      );
  return [...byTruth.values()];
}

/**
 * Replaces a visit whose pair cannot be used by one of another group, drawn by the visit's stream; of a triple, all
 * three.
 * @param attempt number of replacements so far, from 1
 */
export function withoutVisit(
  visits: readonly Visit[],
  index: number,
  attempt: number,
  grouped: readonly PairSource[][],
  { visit }: Pick<VisitOrder, 'visit'>,
): Visit[] {
  const { stream } = visits[index]!;
  const random = Random.named(stream, 'instead', attempt);
  const group = grouped[random.integer(grouped.length)]!;
  const first = visit === 'triple' ? index - (index % 3) : index;
  const others: Visit[] =
    visit === 'triple'
      ? group.map((source, variant) => ({ source, stream, variant }))
      : [{ source: group[random.integer(group.length)]!, stream }];
  return [...visits.slice(0, first), ...others, ...visits.slice(first + others.length)];
}

/** Lists the visits of one epoch in order, by group: one, or those of a triple; depends only on the arguments. */
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
