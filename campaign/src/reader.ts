import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, Random, UserError } from '@unweather/core-tensor';
import { FORMATS } from './formats.js';
import { mutated } from './mutated.js';

/** Changed files to read, one after another. */
export interface ReadTask {
  readonly format: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Folder below which this process puts its files. */
  readonly folder: string;
}

/** Fate of a changed file: read all the same, refused with a UserError, or met by any other error. */
export type Outcome = 'read' | 'refused' | 'raw';

/** Messages of this process: a file is begun, and done. */
export type ReadMessage =
  | { readonly begun: number }
  | {
      readonly done: number;
      readonly outcome: Outcome;
      /** Stack of an error that is no UserError. */
      readonly error?: string;
      /** Most memory of the process so far, in MB. */
      readonly megabytes: number;
    };

/** Makes the changed file of a number: the same at every call. */
export function changedFile(whole: readonly Uint8Array[], { format, seed }: ReadTask, index: number): Uint8Array {
  const random = Random.named(format, seed, index);
  return mutated(whole[random.integer(whole.length)]!, random);
}

// The program is a process of its own, which its parent may end: what it reads may crash it or keep it for ever.
process.once('message', (task: ReadTask) => void readAll(task).then(() => process.disconnect()));

async function readAll(task: ReadTask): Promise<void> {
  const { from, to, format } = task;
  const { file, whole, read } = FORMATS[format]!;
  const folder = await mkdtemp(join(task.folder, 'reader-'));
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  const files = await whole(folder);
  const send = (message: ReadMessage) => process.send!(message);
  for (let index = from; index < to; index++) {
    await writeFile(path, changedFile(files, task, index));
    send({ begun: index });
    const [outcome, error] = await read(path, folder).then<[Outcome, string?], [Outcome, string?]>(
      () => ['read'],
      (thrown: unknown) =>
        thrown instanceof UserError
          ? ['refused']
          : ['raw', thrown instanceof Error ? (thrown.stack ?? '') : messageOf(thrown)],
    );
    const megabytes = process.resourceUsage().maxRSS / 1024;
    send({ done: index, outcome, megabytes, ...(error !== undefined && { error }) });
  }
  await rm(folder, { recursive: true });
}
