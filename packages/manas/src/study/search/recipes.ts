import { z } from 'zod';

/** Settings of a search, as data: stored in every checkpoint, and compared on resuming. */
export const SearchRecipe = z.strictObject({
  name: z.string(),
  note: z.string(),
  /** Width of the supernet, as a fraction of the paper's; the architecture found serves a network of any width. */
  width: z.number().positive(),
  /** Width and height of the patches, in pixels. */
  crop: z.int().positive(),
  /** Number of backgrounds per step, each with three rainy pictures. */
  batch: z.int().positive(),
  flip: z.boolean(),
  order: z.enum(['shuffled', 'list', 'drawn']),
  epochs: z.int().positive(),
  /** Number of epochs at the start that leave the architecture unchanged. */
  warmUp: z.int().nonnegative(),
  weights: z.strictObject({
    /** SGD has momentum 0.9. */
    kind: z.enum(['sgd', 'adam']),
    learningRate: z.number().positive(),
    /** Final learning rate, reached along half a cosine, epoch by epoch. */
    floor: z.number().nonnegative(),
    weightDecay: z.number().nonnegative(),
  }),
  architecture: z.strictObject({ learningRate: z.number().positive(), weightDecay: z.number().nonnegative() }),
  /** Weights of the terms that judge the architecture beside the restoration. */
  regularisation: z.number().nonnegative(),
  complexity: z.number().nonnegative(),
  columns: z.enum(['intended', 'code']),
  /** Share of the backgrounds that judge the architecture and do not train the weights. */
  validation: z.number().positive().max(0.9),
  seed: z.int().nonnegative(),
  needsData: z.boolean(),
});

export type SearchRecipe = z.infer<typeof SearchRecipe>;

/** Defaults of the official train_search.py. */
const OFFICIAL: SearchRecipe = {
  name: 'paper',
  note: 'official settings for DID-MDN, judged on a tenth of the training backgrounds instead of the test set',
  width: 1,
  crop: 64,
  batch: 16,
  flip: false,
  // The official loader does not shuffle.
  order: 'list',
  epochs: 200,
  warmUp: 10,
  weights: { kind: 'sgd', learningRate: 0.002, floor: 1e-4, weightDecay: 3e-4 },
  architecture: { learningRate: 3e-4, weightDecay: 1e-3 },
  regularisation: 0.01,
  complexity: 0,
  columns: 'intended',
  validation: 0.1,
  seed: 0,
  needsData: true,
};

/** Recipes for the search. */
export const searchRecipes: Readonly<Record<string, SearchRecipe>> = {
  quick: {
    ...OFFICIAL,
    name: 'quick',
    note: 'embedded photographs, half of the width',
    width: 0.5,
    crop: 32,
    batch: 4,
    flip: true,
    order: 'drawn',
    epochs: 50,
    warmUp: 6,
    weights: { kind: 'adam', learningRate: 1e-3, floor: 1e-4, weightDecay: 0 },
    architecture: { learningRate: 1e-2, weightDecay: 1e-3 },
    validation: 0.25,
    seed: 1,
    needsData: false,
  },
  paper: OFFICIAL,
};
