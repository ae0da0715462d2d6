import { type DownloadProgress, findWeights, shownWeights, weightsSource } from '@unweather/weights';
import type { Reporter } from './reporter.js';

/** What listens while weights are looked for. */
export interface Listener {
  readonly reporter?: Pick<Reporter, 'download' | 'pause'> | undefined;
  /** Stops a download; what came is kept. */
  readonly signal?: AbortSignal | undefined;
}

/** Weights as they were named, and where they lie. */
export interface LocatedWeights {
  readonly path: string;
  /** As they are named to people: the path, the package, the URL without keys. */
  readonly shown: string;
}

/**
 * Where weights lie that are named by a path, a package or a URL. A path is taken as it is: whoever reads it says what
 * is wrong with it.
 * @throws UserError for a package or a URL that has none, or whose bytes are not those they should be; the signal's reason
 */
export async function locateWeights(named: string, { reporter, signal }: Listener): Promise<LocatedWeights> {
  const source = weightsSource(named);
  if ('path' in source) return { path: source.path, shown: source.path };
  const onProgress = (progress: DownloadProgress) => reporter?.download(progress);
  try {
    const { path } = await findWeights({ ...source, onProgress, signal });
    return { path, shown: shownWeights(source) };
  } finally {
    reporter?.pause();
  }
}
