import { type AnyPicture, UserError } from '@unweather/core-tensor';
import type { Hdf5Answer, Hdf5Task } from './hdf5-worker.js';
import { LimitedThreads, LimitReached, type Limits } from './limited-threads.js';

/** A damaged file may keep its reader busy for ever; the largest pictures take a few seconds. */
const LIMITS: Limits = { milliseconds: 60_000, megabytes: 1024 };

const threads = new LimitedThreads<Hdf5Task, Hdf5Answer>(
  new URL('./hdf5-worker.js', import.meta.url),
  'reads HDF5 files',
);

/**
 * Reads a picture from an HDF5 file: a dataset of height × width × 3 bytes, as in AECR-Net's pairs, or of numbers in
 * [0, 1], as in DCPDN's. A thread of its own reads it, which is ended when it takes too long or too much memory.
 * @throws UserError naming the file and its datasets: not HDF5, damaged, no such dataset, another shape or range
 */
export async function readHdf5Picture(
  path: string,
  bytes: Uint8Array,
  dataset: string | undefined,
  limits: Limits = LIMITS,
): Promise<AnyPicture> {
  const copy = bytes.slice().buffer;
  const answer = await threads.run({ bytes: copy, dataset }, limits, [copy]).catch((thrown: unknown) => {
    if (!(thrown instanceof LimitReached)) throw thrown;
    throw new UserError(`${path}: damaged, reading it took ${thrown.message}; replace the file`);
  });
  if ('problem' in answer) throw new UserError(`${path}${answer.ofDataset ? `#${dataset}` : ''}: ${answer.problem}`);
  return answer;
}
