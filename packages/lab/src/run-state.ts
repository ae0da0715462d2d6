import {
  type Checkpoint,
  type Parameter,
  type Progress,
  readCheckpoint,
  type State,
  UserError,
} from '@unweather/core-tensor';
import { z } from 'zod';
import type { Data } from './data.js';
import { Recipe } from './recipe.js';

/** What a training run was started with; it travels in every checkpoint. */
export const RunSettings = z.strictObject({
  task: z.string(),
  /** Tells the list of training pairs; see Data.identity. */
  data: z.string(),
  /** SHA-256 of the weights that it went on from (`--pretrained`), as hashOfWeights gives it; absent from a run from scratch. */
  pretrained: z.string().optional(),
  recipe: Recipe,
});

export type RunSettings = z.infer<typeof RunSettings>;

/**
 * What a checkpoint's run was started with.
 * @throws UserError when the file holds no training run
 */
export function settingsOf({ path, progress, optimiser }: Checkpoint): { settings: RunSettings; progress: Progress } {
  const parsed = RunSettings.safeParse(progress?.recipe);
  if (progress === undefined || !parsed.success || optimiser.size === 0)
    throw new UserError(`${path}: holds weights but no training run; resume from a checkpoint that a training wrote`);
  return { settings: parsed.data, progress };
}

/** @throws UserError unless the pairs are those the run was started with */
export function requireSameData({ path }: Checkpoint, settings: RunSettings, data: Data): void {
  if (settings.data !== data.identity)
    throw new UserError(
      `${path}: was trained on other pairs than ${data.dataset === 'embedded' ? 'the embedded set' : data.dataset}; ` +
        'give the same --data to resume',
    );
}

/** How many steps a recipe takes. */
export function totalSteps({ duration }: Recipe, stepsPerEpoch: number): number {
  return 'steps' in duration ? duration.steps : duration.epochs * stepsPerEpoch;
}

/**
 * Where a run of a paper's own stands, by its checkpoint.
 * @param identity what the run was started with, as it was written there
 * @param what the run is called
 * @returns weights and moments, and how many steps are done
 * @throws UserError naming the file, where it cannot be read or is of another run
 */
export async function resumedFrom(
  file: string,
  network: string,
  parameters: ReadonlyMap<string, Parameter>,
  identity: unknown,
  what = 'run',
): Promise<{ readonly state: State; readonly done: number }> {
  const { weights, optimiser, progress } = await readCheckpoint(file, network, parameters);
  if (progress === undefined || JSON.stringify(progress.recipe) !== JSON.stringify(identity))
    throw new UserError(`${file}: was written by another ${what}; choose another --out, or leave out --resume`);
  return { state: new Map([...weights, ...optimiser]), done: progress.step };
}
