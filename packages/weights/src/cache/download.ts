import { formatOfFile, messageOf, readNpz, readTensorFile, UserError } from '@unweather/core-tensor';
import pRetry from 'p-retry';
import { mirrored } from '../places.js';
import { sha256OfFile } from '../sha256.js';
import type { Address } from './address.js';
import type { Download, Entry } from './entry.js';
import { Part } from './part.js';
import { type DownloadProgress, requestInto, Transient } from './request.js';

export interface DownloadOptions {
  /**
   * Expected hash of the file. Without one, the first download is trusted if it reads as weights, and later uses are
   * compared with it.
   */
  readonly sha256?: string | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Number of retries after a transient failure; default: 4. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first retry, doubled before each next; default: 500. */
  readonly pause?: number | undefined;
}

/**
 * Downloads a file into its entry of the cache, resuming where an earlier run stopped.
 * @throws UserError naming the URL, the problem and the remedy; the signal's reason, and the part stays
 */
export async function download(
  address: Address,
  entry: Entry,
  { sha256, onProgress = () => undefined, retries = 4, pause = 500 }: DownloadOptions,
  signal: AbortSignal,
): Promise<Download> {
  const part = new Part(entry.part);
  const url = mirrored(address.url);
  try {
    await pRetry(() => requestInto(part, url, onProgress, signal), {
      ...{ retries, minTimeout: pause, factor: 2, signal },
      shouldRetry: ({ error }) => error instanceof Transient,
    });
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof Transient)) throw thrown;
    const { bytes } = await part.begun();
    const kept = bytes === 0 ? '' : `; ${bytes} bytes are kept, run the same command again to continue`;
    throw new UserError(`${thrown.message}, ${retries + 1} times; check the connection, or try later${kept}`);
  }
  const actual = await sha256OfFile(part.path, signal);
  if (sha256 !== undefined && actual !== sha256) {
    await part.remove();
    throw new UserError(
      `${address.shown}: the file's SHA-256 is ${actual}, expected ${sha256}; it was removed; check the hash, or ask ` +
        'its publisher',
    );
  }
  if (sha256 === undefined) await requireWeights(part, address);
  const size = await part.size();
  const date = new Date().toISOString();
  const record = await entry.finish({ url: address.shown, sha256: actual, size, date });
  await part.remove();
  return record;
}

/**
 * Requires that a downloaded part reads as weights, since no hash tells what it is: the page of a network that wants a
 * login, an empty answer and one that was cut off look like files, too.
 * @throws UserError naming the URL and what came instead; the part is removed
 */
async function requireWeights(part: Part, { shown }: Address): Promise<void> {
  try {
    const format = await formatOfFile(part.path);
    if (format === 'shards')
      throw new UserError(`${shown}: the index of several files; download all of them, and give the path of the index`);
    await (format === 'numpy' ? readNpz(part.path) : readTensorFile(part.path));
  } catch (thrown) {
    await part.remove();
    if (!(thrown instanceof UserError)) throw thrown;
    const what = messageOf(thrown).replaceAll(part.path, shown);
    throw new UserError(`${what}; nothing of it was kept; does the network want a login?`);
  }
}
