import { rmdir, stat } from 'node:fs/promises';
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
  const lock = join(folder, '.lock');
  const isAbandoned = watchOf(lock);
  const options = {
    lockfilePath: lock,
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
      if (await isAbandoned()) await rmdir(lock).catch(() => undefined);
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

/**
 * Watches a lock that another process holds. A clock that was set back makes the lock of a dead process younger than now:
 * it would be waited for until the clock comes by again.
 * @returns function that looks again; true once nobody has touched the lock for long, by the time that has passed here
 */
function watchOf(lock: string): () => Promise<boolean> {
  let seen: { readonly touched: number | undefined; readonly since: number } | undefined;
  return async () => {
    const touched = (await stat(lock).catch(() => undefined))?.mtimeMs;
    if (seen?.touched !== touched) seen = undefined;
    seen ??= { touched, since: performance.now() };
    return touched !== undefined && performance.now() - seen.since > 2 * STALE_MS;
  };
}
