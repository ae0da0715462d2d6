import { type PairSource, sizeOf } from '@unweather/datasets';
import type { Data } from '../data.js';
import { patchOf, type Recipe } from '../recipe.js';
import { spread, type ValidationOptions } from '../run/validation.js';
import type { Phase } from './phases.js';

/** Most validations of a run. */
const TIMES = 20;
/** Least number of steps between validations: to open the network for one takes as long as up to two steps. */
const APART = 50;
/** Most pictures per validation, over all sets. */
const PICTURES = 8;
/**
 * Pixels that a run trains on for each pixel that its validations restore. A pixel of a training step costs five to six
 * times as much as one that is restored, so that this takes about two percent of the time.
 */
const TRAINED_PER_RESTORED = 8;

/**
 * Chooses the validations of a run whose recipe says nothing of them: up to 20, of eight pictures; of their centres, as
 * large as a training patch, if whole pictures cost too much; less often if that costs too much as well, and at least 50
 * steps apart. The choice
 * depends on sizes and steps alone, so that equal runs validate alike on every machine.
 * @returns undefined for runs too short for a single validation
 * @throws UserError naming a picture whose size cannot be read
 */
export async function usualValidation(
  recipe: Pick<Recipe, 'batch' | 'crop' | 'visit'>,
  phases: readonly Phase[],
  sets: readonly Data[],
): Promise<Pick<ValidationOptions, 'every' | 'pictures' | 'crop'> | undefined> {
  const pictures = Math.max(1, Math.floor(PICTURES / sets.length));
  const chosen = sets.flatMap(({ pairs }) => spread(pairs, pictures));
  const patches = recipe.batch * (recipe.visit === 'triple' ? 3 : 1);
  const trained = sum(phases.map((phase) => (phase.to - phase.from) * patches * areaOf(patchOf(phase))));
  const affordable = trained / TRAINED_PER_RESTORED;
  const total = phases.at(-1)!.to;
  const crop = patchOf(recipe);
  const timesCropped = Math.min(
    TIMES,
    Math.floor(total / APART),
    Math.floor(affordable / (chosen.length * areaOf(crop))),
  );
  if (timesCropped < 1) return undefined;
  const every = Math.ceil(total / timesCropped);
  const whole = timesCropped === TIMES && (await areaOfAll(chosen)) * TIMES <= affordable;
  return { every, pictures, ...(!whole && { crop }) };
}

async function areaOfAll(pairs: readonly PairSource[]): Promise<number> {
  return sum((await Promise.all(pairs.map(({ truth }) => sizeOf(truth)))).map(areaOf));
}

function areaOf({ width, height }: { readonly width: number; readonly height: number }): number {
  return width * height;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
