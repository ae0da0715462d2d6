import { fileURLToPath } from 'node:url';
import { type DownloadProgress, findWeights, shownWeights, weightsIn, weightsSource } from '@unweather/weights';
import type { Paper } from './recipe.js';
import type { Reporter } from './reporter.js';

/** What listens while weights are looked for. */
export interface Listener {
  readonly reporter?: (Pick<Reporter, 'download' | 'pause'> & Partial<Pick<Reporter, 'say'>>) | undefined;
  /** Stops a download; what came is kept. */
  readonly signal?: AbortSignal | undefined;
}

/** Weights as they were named, and where they lie. */
export interface LocatedWeights {
  readonly path: string;
  /** As they are named to people: the path, the package, the URL without keys. */
  readonly shown: string;
  /** Model card and licence, where a package says them. */
  readonly card?: string | undefined;
  readonly licence?: string | undefined;
}

/**
 * Where weights lie that are named by a path, a package or a URL. A path is taken as it is: whoever reads it says what
 * is wrong with it. The paper's own package is found wherever it is installed, others from the working directory.
 * @throws UserError for a package or a URL that has none, or whose bytes are not those they should be; the signal's reason
 */
export async function locateWeights(
  paper: Pick<Paper, 'name' | 'home'>,
  named: string,
  { reporter, signal }: Listener = {},
): Promise<LocatedWeights> {
  const source = weightsSource(named);
  if ('path' in source) return { path: source.path, shown: source.path };
  const onProgress = (progress: DownloadProgress) => reporter?.download(progress);
  try {
    const own = named.split('#')[0] === packageOf(paper);
    const { path, card, licence } = await findWeights({
      ...source,
      onProgress,
      signal,
      ...(own && { from: fileURLToPath(paper.home) }),
    });
    return { path, shown: shownWeights(source), card, licence };
  } finally {
    reporter?.pause();
  }
}

/** Name of a paper's package. */
export function packageOf({ name }: Pick<Paper, 'name'>): string {
  return `@unweather/${name}`;
}

/** How the weights that a paper's own package carries for a task are named; undefined where it carries none. */
export async function carriedWeights(paper: Pick<Paper, 'name' | 'home'>, task: string): Promise<string | undefined> {
  const found = (await weightsIn(fileURLToPath(paper.home))).find((weights) => weights.task === task);
  return found && `${packageOf(paper)}#${found.name}`;
}
