import { type Checkpoint, type Progress, UserError } from '@unweather/core-tensor';
import { z } from 'zod';
import type { Data } from '../data.js';
import { Recipe } from '../recipe.js';

/** Settings of a training run, saved in every checkpoint. */
export const RunSettings = z.strictObject({
  task: z.string(),
  /** Identity of the list of training pairs; see Data.identity. */
  data: z.string(),
  /** SHA-256 of the `--pretrained` weights, as computed by hashOfWeights; absent for a run from scratch. */
  pretrained: z.string().optional(),
  recipe: Recipe,
});

export type RunSettings = z.infer<typeof RunSettings>;

/**
 * Reads the settings and the progress of a checkpoint's run.
 * @throws UserError if the file holds no training run
 */
export function settingsOf({ path, progress, optimiser }: Checkpoint): { settings: RunSettings; progress: Progress } {
  const parsed = RunSettings.safeParse(progress?.recipe);
  if (progress === undefined || !parsed.success || optimiser.size === 0)
    throw new UserError(
      `${path}: contains weights but no training run; resume from a checkpoint that a training wrote`,
    );
  return { settings: parsed.data, progress };
}

/** Requires the pairs that the run was started with. @throws UserError for other pairs */
export function requireSameData({ path }: Checkpoint, settings: RunSettings, data: Data): void {
  if (settings.data !== data.identity)
    throw new UserError(
      `${path}: the run was trained on other pairs than ${data.dataset === 'embedded' ? 'the embedded set' : data.dataset}; ` +
        'give the same --data to resume',
    );
}

/** Number of steps of a recipe. */
export function totalSteps({ duration }: Recipe, stepsPerEpoch: number): number {
  return 'steps' in duration ? duration.steps : duration.epochs * stepsPerEpoch;
}
