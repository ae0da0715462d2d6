import { Random, UserError } from '@unweather/core-tensor';
import { type Batch, Loader, type PairSource } from '@unweather/datasets';
import type { SkippedPairs } from '@unweather/lab';
import type { SearchRecipe } from './recipes.js';

/** Pairs of pictures for a search. */
export interface SearchData {
  /** Three rainy pictures of every background: light, medium, heavy. */
  readonly pairs: readonly PairSource[];
  /** Pairs of another dataset, on which the official code judges the architecture; see {@link mismatched}. */
  readonly official?: readonly PairSource[] | undefined;
  /** Called for pairs that cannot be used, which are replaced; without it, the first one ends the search. */
  readonly onBadPair?: SkippedPairs['add'] | undefined;
}

/** Loaders of batches for the two kinds of step. */
export interface SearchLoaders {
  readonly stepsPerEpoch: number;
  /** Number of pictures in every batch; undefined if the two loaders differ. */
  readonly batchSize: number | undefined;
  training(fromStep: number): AsyncGenerator<Batch>;
  validation(fromStep: number): AsyncGenerator<Batch>;
  close(): Promise<void>;
}

/**
 * Opens the batches of a search. The recipe's seed splits the backgrounds into those that train the weights and those
 * that judge the architecture.
 * @throws UserError if there are too few backgrounds, or one lacks its three rainy pictures
 */
export function openLoaders({ pairs, official, onBadPair }: SearchData, recipe: SearchRecipe): SearchLoaders {
  const common = { crop: recipe.crop, flip: recipe.flip, onBadPair };
  const backgrounds = [...new Set(pairs.map(({ truth }) => truth))];
  const shuffled = Random.named('validation', recipe.seed).permutation(backgrounds.length);
  const held = Math.max(1, Math.round(recipe.validation * backgrounds.length));
  const judging = new Set(shuffled.slice(0, held).map((i) => backgrounds[i]!));
  const part = (judges: boolean) => pairs.filter(({ truth }) => judging.has(truth) === judges);
  const [trained, judged] = official === undefined ? [part(false), part(true)] : [pairs, official];
  if (trained.length === 0)
    throw new UserError(`a search needs two backgrounds or more, there ${backgrounds.length === 1 ? 'is 1' : 'are 0'}`);
  const { batch, order, seed } = recipe;
  const training = new Loader({ ...common, pairs: trained, batch, order, seed, visit: 'triple' });
  const validation = new Loader({
    ...common,
    pairs: judged,
    order: 'drawn',
    seed: seed + 1,
    ...(official === undefined ? { batch, visit: 'triple' } : { batch: 3 * batch, visit: 'pair' }),
  });
  const sizes = [training.batchSize, validation.batchSize];
  return {
    stepsPerEpoch: training.stepsPerEpoch,
    batchSize: sizes[0] === sizes[1] ? sizes[0] : undefined,
    training: (from) => training.batches(from),
    async *validation(from) {
      for await (const one of validation.batches(from)) yield official === undefined ? one : mismatched(one);
    },
    async close() {
      await Promise.all([training.close(), validation.close()]);
    },
  };
}

/**
 * Gives a batch of pairs that are not triples the truths of the official search: result 3i + k is compared with truth i
 * of the batch, which for all but the first is the background of another picture.
 */
export function mismatched(batch: Batch): Batch {
  const size = batch.truth.length / batch.size;
  const truth = new Float32Array(batch.truth.length);
  for (let row = 0; row < batch.size; row++) {
    const from = Math.floor(row / 3) * size;
    truth.set(batch.truth.subarray(from, from + size), row * size);
  }
  return { ...batch, truth };
}
