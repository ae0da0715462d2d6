import { Random, UserError } from '@unweather/core-tensor';
import { type Batch, Loader, type PairSource } from '@unweather/datasets';
import type { SearchRecipe } from './recipes.js';

/** Where the batches of a search come from. */
export interface SearchData {
  /** Three rainy pictures of every background: light, medium, heavy. */
  readonly pairs: readonly PairSource[];
  /** Pairs of another dataset to judge the architecture on as the official code does; see {@link mismatched}. */
  readonly official?: readonly PairSource[] | undefined;
}

/** Batches of the two kinds of step, by step. */
export interface SearchLoaders {
  readonly stepsPerEpoch: number;
  /** Pictures of every batch; undefined where batches differ. */
  readonly batchSize: number | undefined;
  training(fromStep: number): AsyncGenerator<Batch>;
  validation(fromStep: number): AsyncGenerator<Batch>;
  close(): Promise<void>;
}

/**
 * Opens the batches of a search. Backgrounds are divided into those that train the weights and those that judge the
 * architecture, by the recipe's seed.
 * @throws UserError when there are too few backgrounds, or one is not under three rains
 */
export function openLoaders({ pairs, official }: SearchData, recipe: SearchRecipe): SearchLoaders {
  const common = { crop: recipe.crop, flip: recipe.flip };
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
 * What the official search does with pairs that are no triples: result 3i + k is held against truth i of the batch, which
 * but for the first is the background of another picture.
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
