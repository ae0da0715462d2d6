import { type Parameter, readCheckpoint, readRecipe, UserError } from '@unweather/core-tensor';
import type { z } from 'zod';
import type { Position } from './stage.js';

/**
 * Reads the settings that a run was started with from its checkpoint.
 * @throws UserError naming the file if it cannot be read, or holds no run of this kind
 */
export async function settingsIn<Settings>(file: string, schema: z.ZodType<Settings>): Promise<Settings> {
  const parsed = schema.safeParse(await readRecipe(file));
  if (!parsed.success)
    throw new UserError(
      `${file}: contains no training run of this kind; resume from a checkpoint that a training wrote`,
    );
  return parsed.data;
}

/**
 * Reads the position of a run from its checkpoint.
 * @param settings that identify the run, as saved in its checkpoint
 * @param what name of the kind of run, for the error message
 * @throws UserError naming the file if it cannot be read or belongs to another run
 */
export async function resumedFrom(
  file: string,
  network: string,
  parameters: ReadonlyMap<string, Parameter>,
  settings: unknown,
  what = 'run',
): Promise<Position> {
  const { weights, optimiser, progress } = await readCheckpoint(file, network, parameters, { takesKey: false });
  if (progress === undefined || JSON.stringify(progress.recipe) !== JSON.stringify(settings))
    throw new UserError(`${file}: was written by another ${what}; choose another --out, or leave out --resume`);
  return { state: new Map([...weights, ...optimiser]), done: progress.step, rateShare: progress.rateShare };
}

/**
 * Refuses options that would change a run that is resumed.
 * @param options by name, as commander parses them; undefined ones are not given
 * @throws UserError naming the options
 */
export function requireUnchanged(options: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(options).filter((name) => options[name] !== undefined);
  if (given.length === 0) return;
  const flags = given.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  throw new UserError(
    `--resume goes on with the recipe, the seed, the weights and the network of its checkpoint; leave out ${flags.join(', ')}`,
  );
}
