import { type EncodeOptions, formatNamed, type TileOptions } from '@unweather/core-tensor';
import { type LoadOptions, openModel, type PictureModel } from './model/load.js';
import type { Paper } from './recipe.js';
import type { RestoreReporter } from './reporter.js';

export interface RestoreCommandOptions extends LoadOptions, TileOptions, EncodeOptions {
  /** File to be written, in the format of its ending. */
  readonly out: string;
}

/**
 * Restores one photograph and writes it.
 * @returns false when it was interrupted; nothing is written then
 * @throws UserError for everything a user can mend
 */
export async function restore(
  paper: Paper,
  photo: string,
  { out, tile, overlap, depth, quality, ...load }: RestoreCommandOptions,
  reporter: RestoreReporter,
  signal: AbortSignal,
): Promise<boolean> {
  formatNamed(out);
  let model: PictureModel | undefined;
  try {
    model = await openModel(paper, load, reporter, signal);
    const restored = await model.restore(photo, {
      ...(tile !== undefined && { tile }),
      ...(overlap !== undefined && { overlap }),
      signal,
      onProgress: (progress) => progress.total > 1 && reporter.tiles(progress),
    });
    reporter.pause();
    signal.throwIfAborted();
    await restored.toFile(out, { ...(depth && { depth }), ...(quality !== undefined && { quality }) });
  } catch (thrown) {
    reporter.pause();
    if (signal.aborted && thrown === signal.reason) {
      reporter.say('stops when the running tile has ended; nothing is written');
      return false;
    }
    throw thrown;
  } finally {
    await model?.dispose();
  }
  reporter.wrote(out);
  return true;
}
