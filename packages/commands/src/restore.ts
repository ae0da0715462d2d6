import {
  type EngineOptions,
  messageOf,
  Restorer,
  readPicture,
  toBytes,
  UserError,
  writePng,
} from '@unweather/core-tensor';
import { chosenEngine } from './engine.js';
import { pick } from './pick.js';
import type { Paper } from './recipe.js';
import type { Reporter } from './reporter.js';
import { openWeights, saySkipped, type WeightsOptions } from './weights.js';

export interface RestoreOptions extends EngineOptions, WeightsOptions {
  /** PNG file to be written. */
  readonly out: string;
}

/** Restores one photograph, whole, and writes it as PNG. @throws UserError for everything a user can mend */
export async function restore(paper: Paper, photo: string, options: RestoreOptions, reporter: Reporter): Promise<void> {
  if (!/\.png$/i.test(options.out))
    throw new UserError(`${options.out}: only PNG is written; let the name end in .png`);
  const task = pick('task', paper.tasks, options.task);
  const { network, checkpoint } = await openWeights(paper, task, options);
  saySkipped(checkpoint, reporter);
  const picture = await readPicture(photo);
  const restorer = await Restorer.on(await chosenEngine(options, reporter), network, checkpoint.weights);
  try {
    const restored = await restorer.restore(picture).catch((thrown: unknown) => {
      throw thrown instanceof UserError ? new UserError(`${photo}: ${messageOf(thrown)}`) : thrown;
    });
    await writePng(options.out, toBytes(restored));
  } finally {
    await restorer.dispose();
  }
  reporter.wrote(options.out);
}
