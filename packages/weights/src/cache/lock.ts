import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { errorCode, messageOf, UserError } from '@unweather/core-tensor';
import lockfile from 'proper-lockfile';

/** Age from which an untouched lock is taken to belong to a dead process. */
const STALE_MS = 10_000;
const LOOK_AGAIN_MS = 200;

/**
 * Runs work under the lock of a folder, a mutex between processes, and waits for the lock first.
 * @param work gets a signal that aborts if the lock is lost
 * @throws errors of the work, the signal's reason, UserError if no lock can be made
 */
export async function alone<T>(
  folder: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const either = signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal]);
  const options = {
    lockfilePath: join(folder, '.lock'),
    stale: STALE_MS,
    onCompromised: () => lost.abort(new UserError(`${folder}: another process took the lock; run this again`)),
  };
  let release: (() => Promise<void>) | undefined;
  while (release === undefined) {
    signal?.throwIfAborted();
    try {
      release = await lockfile.lock(folder, options);
    } catch (thrown) {
      if (errorCode(thrown) !== 'ELOCKED')
        throw new UserError(`${folder}: cannot be locked (${messageOf(thrown)}); choose another folder`);
      await setTimeout(LOOK_AGAIN_MS, undefined, signal && { signal }).catch(() => undefined);
    }
  }
  try {
    return await work(either);
  } finally {
    // A lost lock is not ours to release.
    if (!lost.signal.aborted) await release();
  }
}
