import { UserError, writableFolder } from '@unweather/core-tensor';
import { cacheFolder, isOffline } from '../places.js';
import { addressOf } from './address.js';
import { type DownloadOptions, download } from './download.js';
import { type Download, Entry } from './entry.js';
import { alone } from './lock.js';

export interface CacheOptions extends DownloadOptions {
  /** Folder of the cache; default: `UNWEATHER_CACHE`, or the platform's. */
  readonly cache?: string | undefined;
  /** True if nothing may be requested; default: `UNWEATHER_OFFLINE`. */
  readonly offline?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gets a file by its URL from the cache, and downloads it if it is not there. Verifies its hash every time. If another
 * process is downloading the same file, waits for it and uses that file.
 * @throws UserError naming the URL or the file; the signal's reason
 */
export async function cached(url: string | URL, options: CacheOptions): Promise<Download & { readonly path: string }> {
  const { sha256, signal } = options;
  const address = addressOf(url);
  const entry = Entry.of(cacheFolder(options.cache), address);
  const wanted = (found: Download | undefined) =>
    found !== undefined && (sha256 === undefined || found.sha256 === sha256)
      ? { ...found, path: entry.path }
      : undefined;
  const before = await entry.verified(signal);
  const ready = wanted(before);
  if (ready !== undefined) return ready;
  if (isOffline(options.offline))
    throw new UserError(
      before === undefined
        ? `${address.shown}: not in the cache, and nothing is downloaded offline; get it first, or unset UNWEATHER_OFFLINE`
        : `${entry.path}: its SHA-256 is ${before.sha256}, expected ${sha256}, and nothing is downloaded offline; check the hash`,
    );
  await writableFolder(entry.folder);
  return alone(entry.folder, signal, async (both) => {
    const meanwhile = wanted(await entry.verified(both));
    return meanwhile ?? { ...(await download(address, entry, options, both)), path: entry.path };
  });
}
