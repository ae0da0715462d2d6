import { type Checkpoint, hashOfWeights, readCheckpoint, UserError } from '@unweather/core-tensor';
import { networkIn, networkNamed, pick, readWeights } from '@unweather/model';
import { Recipe } from '../recipe.js';
import { chosenRecipe } from '../recipe-file.js';
import { requireUnchanged } from '../run/resume.js';
import type { Study, TaskStudy } from '../study.js';
import type { TrainOptions } from './options.js';
import { type RunSettings, settingsOf } from './settings.js';

/** Recipe and progress of a training that begins or is resumed. */
export interface StartingPoint {
  /** Name of the network to train. */
  readonly networkName: string;
  readonly task: TaskStudy;
  readonly settings: RunSettings;
  /** Steps done. */
  readonly from: number;
  /** Share of the recipe's learning rate that is left; default 1. */
  readonly rateShare?: number | undefined;
  readonly checkpoint?: Checkpoint;
}

/**
 * Finds the recipe: in its table, in a file, or in the checkpoint to resume from.
 * @throws UserError for an invalid recipe, a checkpoint without a run, or options that would change a resumed run
 */
export async function startingPoint(paper: Study, options: TrainOptions): Promise<StartingPoint> {
  const task = pick('task', paper.tasks, options.task);
  const { found: networks } = paper;
  if (options.resume === undefined) {
    const recipe = await recipeOf(task, options);
    const own = recipe.network ?? task.network;
    const { architecture } = options;
    const networkName = architecture === undefined || networks === undefined ? own : await networks.read(architecture);
    return { networkName, task, settings: { task: options.task, data: '', recipe }, from: 0 };
  }
  const { steps, seed, set, pretrained, weightsKey, architecture } = options;
  if (!options.sameOptions) requireUnchanged({ steps, seed, set, pretrained, weightsKey, architecture });
  const networkName = await networkIn(options.resume, paper, task);
  const parameters = networkNamed(paper, networkName).create().parameters();
  const checkpoint = await readCheckpoint(options.resume, networkName, parameters, { takesKey: false });
  const { settings, progress } = settingsOf(checkpoint);
  if (options.sameOptions) {
    requireSameRecipe(options.resume, settings.recipe, await recipeOf(task, options));
    if (pretrained !== undefined) {
      const { weights } = await readWeights(paper, networkName, pretrained, parameters, weightsKey);
      if (hashOfWeights(weights) !== settings.pretrained)
        throw new UserError(`${options.resume}: did not begin with ${pretrained}; choose another --out`);
    }
  }
  const { step: from, rateShare } = progress;
  return { networkName, task, settings, from, rateShare, checkpoint };
}

/**
 * Requires that a run is continued by its own recipe; its validations may change.
 * @throws UserError naming the fields that differ
 */
export function requireSameRecipe(file: string, saved: object, asked: object): void {
  const [one, other] = [saved, asked].map((recipe) => new Map(Object.entries(recipe)));
  const differ = [...new Set([...one!.keys(), ...other!.keys()])].filter(
    (key) => key !== 'validateEvery' && JSON.stringify(one!.get(key)) !== JSON.stringify(other!.get(key)),
  );
  if (differ.length > 0)
    throw new UserError(
      `${file}: was trained by another recipe (${differ.join(', ')} differ); choose another --out, or give the options of that run`,
    );
}

/** Reads the recipe that the options name and applies their changes. @throws UserError for an invalid recipe */
export async function recipeOf(
  task: TaskStudy,
  {
    recipe: named,
    set,
    steps,
    seed,
    validateEvery,
  }: Pick<TrainOptions, 'recipe' | 'set' | 'steps' | 'seed' | 'validateEvery'>,
): Promise<Recipe> {
  const changes = {
    ...(steps !== undefined && { duration: { steps } }),
    ...(seed !== undefined && { seed }),
    ...(validateEvery !== undefined && { validateEvery }),
  };
  return chosenRecipe({ schema: Recipe, table: task.recipes }, named, set, changes);
}
