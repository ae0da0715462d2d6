import { fileURLToPath } from 'node:url';
import { exists, UserError } from '@unweather/core-tensor';
import { type DownloadProgress, findWeights, shownWeights, weightsIn, weightsSource } from '@unweather/weights/find';
import type { ForeignPackage, InstalledModel } from './entry.js';
import { foreignPackageNamed, locatePackage } from './foreign-packages.js';
import type { OpenListener } from './listener.js';

/** Listener and signal of a search for weights. */
export interface Listening {
  readonly listener?: OpenListener | undefined;
  /** Aborts a download; the part that arrived is kept. */
  readonly signal?: AbortSignal | undefined;
}

/** Path of a file of weights, with its name for display. */
export interface LocatedWeights {
  readonly path: string;
  /** Name for display: the path, the package, or the URL without keys. */
  readonly shown: string;
  /** Model card and licence, if the package states them. */
  readonly card?: string | undefined;
  readonly licence?: string | undefined;
  /** The package of another publisher that holds them. */
  readonly foreign?: ForeignPackage;
}

/**
 * Locates weights that are named by a path, a package or a URL. A path is returned unchecked: reading it reports
 * errors. The paper's own package is found wherever it is installed, others from the working directory; the foreign
 * packages that the paper knows, from either.
 * @throws UserError for a package or a URL without weights, or with a wrong hash; the signal's reason
 */
export async function locateWeights(
  model: Pick<InstalledModel, 'name' | 'home' | 'foreign'>,
  named: string,
  { listener, signal }: Listening = {},
): Promise<LocatedWeights> {
  const foreign = foreignPackageNamed(model, named);
  if (foreign) return { ...(await locatePackage(model, foreign)), card: fileURLToPath(foreign.card), foreign };
  const source = weightsSource(named);
  if ('path' in source && source.sha256 === undefined) return { path: source.path, shown: source.path };
  const onProgress = (progress: DownloadProgress) => listener?.download?.(progress);
  try {
    const own = named.split('#')[0] === packageOf(model);
    const { path, card, licence } = await findWeights({
      ...source,
      onProgress,
      signal,
      ...(own && { from: fileURLToPath(model.home) }),
    });
    return { path, shown: shownWeights(source), card, licence };
  } finally {
    listener?.pause?.();
  }
}

/**
 * Requires that named weights exist, before anything else is asked about them. A URL is not requested.
 * @param models papers that the weights may belong to
 * @throws UserError for a file that is missing, and a package that is not installed
 */
export async function requireWeights(
  models: readonly [InstalledModel, ...InstalledModel[]],
  named: string,
): Promise<void> {
  const source = weightsSource(named);
  if ('url' in source) return;
  if ('path' in source) {
    if (await exists(source.path)) return;
    throw new UserError(`${source.path}: cannot be read (no such file or folder); check the path of the checkpoint`);
  }
  const found = await Promise.allSettled(models.map((model) => locateWeights(model, named)));
  if (found.every(({ status }) => status === 'rejected')) throw (found[0] as PromiseRejectedResult).reason;
}

/** Name of a paper's package. */
export function packageOf({ name }: Pick<InstalledModel, 'name'>): string {
  return `@unweather/${name}`;
}

/** Finds the name of the weights that a paper's own package carries for a task; undefined if it carries none. */
export async function carriedWeights(
  model: Pick<InstalledModel, 'name' | 'home'>,
  task: string,
): Promise<string | undefined> {
  const found = (await weightsIn(fileURLToPath(model.home))).find((weights) => weights.task === task);
  return found && `${packageOf(model)}#${found.name}`;
}
