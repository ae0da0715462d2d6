import {
  depthIn,
  type EncodeOptions,
  formatNamed,
  type PictureFileFormat,
  readStandardInput,
  STANDARD,
  type TileOptions,
  writeStandardOutput,
} from '@unweather/core-tensor';
import { type LoadOptions, openModel, type PictureModel } from '@unweather/model';
import type { RestoreReporter } from './reporter.js';
import type { Study } from './study.js';

export interface RestoreCommandOptions extends LoadOptions, TileOptions, EncodeOptions {
  /** Path of the file to write; its extension decides the format. "-" is standard output. */
  readonly out: string;
  /** Format of standard output; default: png. */
  readonly format?: PictureFileFormat;
  /** Number of the only frame to restore. */
  readonly frame?: number;
}

/**
 * Restores one photograph, a file or standard input ("-"), and writes it.
 * @returns false if it was interrupted; nothing is written then
 * @throws UserError for everything a user can fix
 */
export async function restore(
  paper: Study,
  photo: string,
  { out, tile, overlap, depth, quality, metadata, frame, ...options }: RestoreCommandOptions,
  reporter: RestoreReporter,
  signal: AbortSignal,
): Promise<boolean> {
  const format = out === STANDARD ? (options.format ?? 'png') : formatNamed(out);
  let model: PictureModel | undefined;
  let tiles = 1;
  try {
    const { task, weights, weightsKey, architecture, engine, device, threads } = options;
    const load = {
      ...(task !== undefined && { task }),
      ...(weights !== undefined && { weights }),
      ...(weightsKey !== undefined && { weightsKey }),
      ...(architecture !== undefined && { architecture }),
      ...(engine !== undefined && { engine }),
      ...(device !== undefined && { device }),
      ...(threads !== undefined && { threads }),
    };
    model = await openModel(paper, load, reporter, signal);
    const restored = await model.restore(photo === STANDARD ? await readStandardInput() : photo, {
      ...(frame !== undefined && { frame }),
      ...(tile !== undefined && { tile }),
      ...(overlap !== undefined && { overlap }),
      signal,
      onProgress: (progress) => {
        tiles = progress.total;
        if (tiles > 1) reporter.tiles(progress);
      },
    });
    reporter.pause();
    if (tiles > restored.frames && model.receptiveRadius === Infinity)
      reporter.say(
        `restored in ${tiles} tiles, each on its own, although ${model.network} looks at the whole picture; --tile ${Math.max(restored.width, restored.height)} keeps it whole but takes much more memory`,
      );
    signal.throwIfAborted();
    const encoding = {
      ...(depth && { depth }),
      ...(quality !== undefined && { quality }),
      ...(metadata && { metadata }),
    };
    if (out === STANDARD) await writeStandardOutput(await restored.toBuffer(format, encoding));
    else await restored.toFile(out, encoding);
    if (depth === undefined && restored.depth > depthIn(format, restored.depth))
      reporter.say(`written with 8 of its 16 bits, all that ${format} holds; .png and .tiff keep them`);
  } catch (thrown) {
    reporter.pause();
    if (signal.aborted && thrown === signal.reason) {
      reporter.say('stopping after the current tile; nothing is written');
      return false;
    }
    throw thrown;
  } finally {
    await model?.dispose();
  }
  if (out !== STANDARD) reporter.wrote(out);
  return true;
}
