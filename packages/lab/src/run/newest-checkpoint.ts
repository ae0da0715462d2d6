import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, messageOf, readSafetensors, UserError } from '@unweather/core-tensor';
import { nameOf } from './checkpoints.js';

/**
 * Finds the newest whole checkpoint in the folder of a run. A damaged one is told and the one before it taken.
 * @param file name of the newest checkpoint
 * @param say receives a sentence for each damaged checkpoint
 * @returns its path; undefined if the folder has no checkpoint
 * @throws UserError naming the folder if all of its checkpoints are damaged
 */
export async function newestCheckpoint(
  folder: string,
  file: string,
  say: (text: string) => void,
): Promise<string | undefined> {
  const files = (await exists(folder)) ? await readdir(folder) : [];
  const names = Array.from({ length: files.length }, (_, age) => nameOf(file, age)).filter((name) =>
    files.includes(name),
  );
  for (const name of names) {
    const path = join(folder, name);
    const problem = await readSafetensors(path).then(() => undefined, reasonOf);
    if (problem === undefined) return path;
    say(`${problem}; looking for the checkpoint before it`);
  }
  if (names.length === 0) return undefined;
  throw new UserError(
    `${folder}: all of its checkpoints are damaged (${names.join(', ')}); move them away to begin anew, or choose another --out`,
  );
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof UserError) return messageOf(thrown);
  throw thrown;
}
