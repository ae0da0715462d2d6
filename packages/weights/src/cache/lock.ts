import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { errorCode, messageOf, UserError } from '@unweather/core-tensor';
import lockfile from 'proper-lockfile';

/** A lock whose holder did not touch it for so long belongs to a process that died. */
const STALE_MS = 10_000;
const LOOK_AGAIN_MS = 200;

/**
 * Does work on a folder that no other process may do at the same time, and waits until it may.
 * @param work is told by its signal when the lock was lost
 * @throws what the work throws, the signal's reason, UserError where no lock can be made
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
    // A lock that was lost is not ours to release.
    if (!lost.signal.aborted) await release();
  }
}
