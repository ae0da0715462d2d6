import { chosenRecipe } from '@unweather/lab';
import { z } from 'zod';

/** Training of teachers and student, as data: printed, stored in every checkpoint, compared on resuming. */
export const Recipe = z.strictObject({
  name: z.string(),
  note: z.string(),
  /** Width of all layers, as a fraction of the paper's. */
  width: z.number().positive(),
  crop: z.int().positive(),
  batch: z.int().positive(),
  /** 'uniform': draws a weather for every picture of a batch; 'balanced': weathers alternate. */
  draw: z.enum(['uniform', 'balanced']),
  /** Epochs of a teacher. */
  teacherEpochs: z.int().positive(),
  /** Epochs of knowledge collation, then of knowledge examination. */
  collationEpochs: z.int().nonnegative(),
  examinationEpochs: z.int().nonnegative(),
  /** Batches per epoch; null: as many as the smallest list of pairs fills. */
  batchesPerEpoch: z.int().positive().nullable(),
  warmUp: z.int().positive(),
  /** Learning rate for a batch of 16. */
  rate: z.number().positive(),
  leastRate: z.number().nonnegative(),
  /**
   * Initial weights: random, or in a chain: the first network nearly the identity, every other from the one before.
   */
  start: z.enum(['random', 'chain']),
  /** True if the losses include the contrastive terms, which need VGG19. */
  contrast: z.boolean(),
  /** Epochs between validations; the best three checkpoints are kept. */
  validateEvery: z.int().positive(),
  seed: z.int().nonnegative(),
  needsData: z.boolean(),
});

export type Recipe = z.infer<typeof Recipe>;

/** Recipes for all stages, teachers to student. */
export const recipes: Readonly<Record<string, Recipe>> = {
  quick: {
    name: 'quick',
    note:
      'a quarter of the width, embedded photographs, without the contrastive terms, networks started in a chain ' +
      'from the identity; the student should gain on every weather',
    width: 0.25,
    crop: 96,
    batch: 3,
    draw: 'balanced',
    teacherEpochs: 4,
    collationEpochs: 4,
    examinationEpochs: 64,
    batchesPerEpoch: 25,
    warmUp: 2,
    rate: 4e-3,
    leastRate: 1e-5,
    start: 'chain',
    contrast: false,
    validateEvery: 20,
    seed: 1,
    needsData: false,
  },
  // The official code does not train teachers; here they train like the student's second stage, with soft contrast.
  paper: {
    name: 'paper',
    note:
      'official settings for CSD, Rain1400 and ITS + OTS; published (setting 1): haze 33.95 / 0.98, rain 33.13 / 0.93, ' +
      'snow 31.35 / 0.95',
    width: 1,
    crop: 224,
    batch: 32,
    draw: 'uniform',
    teacherEpochs: 250,
    collationEpochs: 125,
    examinationEpochs: 125,
    batchesPerEpoch: null,
    warmUp: 3,
    rate: 2e-4,
    leastRate: 1e-6,
    start: 'random',
    contrast: true,
    validateEvery: 2,
    seed: 19870522,
    needsData: true,
  },
};

/** Options that choose a recipe and change it. */
export interface RecipeOptions {
  /** Name of a recipe, or path of a JSON file. */
  readonly recipe: string;
  /** Changes to the recipe, `KEY=VALUE` each. */
  readonly set?: readonly string[];
  /** Random seed, instead of the recipe's. */
  readonly seed?: number;
  /** Steps of every network, instead of the recipe's epochs. */
  readonly steps?: number;
}

/** Reads the recipe that the options name and applies their changes. @throws UserError for an invalid recipe */
export async function recipeOf({ recipe, set, seed, steps }: RecipeOptions): Promise<Recipe> {
  const kind = { schema: Recipe, table: recipes };
  const chosen = await chosenRecipe(kind, recipe, set, { ...(seed !== undefined && { seed }) });
  return steps === undefined ? chosen : shortened(chosen, steps);
}

/** Recipe with epochs of one step, as many as wanted; stages, warm-up and validations keep their shares. */
function shortened(recipe: Recipe, steps: number): Recipe {
  const { collationEpochs, examinationEpochs, warmUp, validateEvery } = recipe;
  const share = (epochs: number) => Math.round((steps * epochs) / (collationEpochs + examinationEpochs));
  return {
    ...recipe,
    ...{ batchesPerEpoch: 1, teacherEpochs: steps },
    ...{ collationEpochs: share(collationEpochs), examinationEpochs: steps - share(collationEpochs) },
    ...{ warmUp: Math.max(1, share(warmUp)), validateEvery: Math.max(1, share(validateEvery)) },
  };
}
