import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import {
  type EngineOptions,
  fileReason,
  findPictures,
  isClutter,
  leftOutText,
  messageOf,
  networkOf,
  Restorer,
  readCheckpoint,
  readPicture,
  UserError,
  writableFolder,
  writePng,
} from '@unweather/core-tensor';
import type { Reporter } from '@unweather/lab';
import { chosenEngine } from '@unweather/model';
import { toMultiplesOf16 } from './protocol.js';
import { rounded } from './rounded.js';
import { study } from './study.js';

export interface InferOptions extends EngineOptions {
  /** Folder of pictures. */
  readonly dir: string;
  readonly checkpoint: string;
  /** Where the weights are in the checkpoint, if in an unusual place. */
  readonly weightsKey?: string;
  /** Folder for the results. */
  readonly saveDir: string;
}

/** Files that are left out and named. */
const SHOWN = 10;

/**
 * Restores every picture of a folder as the official inference.py does: sides are resized to multiples of 16, and stay
 * so; bytes are rounded. Results are PNG files for every type of input.
 * @returns true if all were restored before the signal came
 * @throws UserError naming the folder or file that cannot be used
 */
export async function infer(options: InferOptions, reporter: Reporter, signal: AbortSignal): Promise<boolean> {
  const entries = await readdir(options.dir, { withFileTypes: true }).catch((thrown: unknown) => {
    throw new UserError(`${options.dir}: cannot be read (${fileReason(thrown)}); give a folder of pictures`);
  });
  const names = entries.filter(
    (entry) => !entry.isDirectory() && !entry.name.startsWith('.') && !isClutter(entry.name),
  );
  const all = names.map(({ name }) => ({ path: join(options.dir, name) })).sort((a, b) => (a.path < b.path ? -1 : 1));
  const { pictures: files, leftOut } = await findPictures(all);
  if (files.length === 0) throw new UserError(`${options.dir}: contains no pictures; give a folder of pictures`);
  if (leftOut.length > 0) reporter.say(`left out as no pictures: ${leftOut.length} (${leftOutText(leftOut, SHOWN)})`);
  const found = await networkOf(options.checkpoint);
  const name = found !== undefined && Object.hasOwn(study.networks, found) ? found : 'MSBDN';
  const network = study.networks[name]!.create();
  const { weights } = await readCheckpoint(options.checkpoint, name, network.parameters(), { key: options.weightsKey });
  await writableFolder(options.saveDir);
  const restorer = await Restorer.on(await chosenEngine(options, reporter), network, weights);
  try {
    for (const { path } of files) {
      if (signal.aborted) return false;
      const picture = toMultiplesOf16(await readPicture(path));
      const restored = await restorer.restore(picture).catch((thrown: unknown) => {
        throw thrown instanceof UserError ? new UserError(`${path}: ${messageOf(thrown)}`) : thrown;
      });
      const saved = join(options.saveDir, `${parse(path).name}.png`);
      await writePng(saved, rounded(restored));
      reporter.wrote(saved);
    }
  } finally {
    await restorer.dispose();
  }
  return true;
}
