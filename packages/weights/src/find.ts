import { exists, UserError } from '@unweather/core-tensor';
import { type CacheOptions, cached } from './cache/cached.js';
import { carriedBy, verifyCarried } from './packages/carried.js';
import { sha256From, sha256OfFile } from './sha256.js';

/** Place of the weights: exactly one of path, name and URL. */
export type FindOptions = Omit<CacheOptions, 'retries' | 'pause' | 'sha256'> & {
  /** Expected SHA-256 of the file. */
  readonly sha256?: string | undefined;
  /** Folder from which packages are resolved, as Node does; default: the working directory. */
  readonly from?: string | undefined;
} & (
    | { readonly path: string; readonly name?: never; readonly url?: never }
    | { readonly name: string; readonly path?: never; readonly url?: never }
    | { readonly url: string | URL; readonly path?: never; readonly name?: never }
  );

/** Weights on disk whose hash was just computed. */
export interface FoundWeights {
  readonly path: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  /** Model card in Markdown: the package's, or the .md beside a file. */
  readonly card?: string;
  /** SPDX expression, for weights of a package. */
  readonly licence?: string;
}

/**
 * Finds weights by path, in an installed npm package (`PACKAGE` or `PACKAGE#NAME`), or by URL in the cache, downloading
 * them if they are not there. Verifies hashes every time, against `sha256`, the package's manifest, and the download's
 * record.
 * @throws UserError naming the weights not found, or both hashes; the signal's reason
 */
export async function findWeights(options: FindOptions): Promise<FoundWeights> {
  const { path, name, url, from = process.cwd(), signal, ...rest } = options;
  if ([path, name, url].filter((way) => way !== undefined).length !== 1)
    throw new UserError('findWeights takes exactly one of path, name and url; give one');
  const sha256 = options.sha256 === undefined ? undefined : sha256From(options.sha256);
  if (url !== undefined) {
    const found = await cached(url, { ...rest, sha256, signal });
    return { path: found.path, sha256: found.sha256 };
  }
  if (name !== undefined) {
    const carried = await carriedBy(name, from);
    await verifyCarried(carried, signal);
    requireHash(name, carried.manifest.sha256, sha256);
    const { sha256: own, licence } = carried.manifest;
    return { path: carried.path, sha256: own, card: carried.card, licence };
  }
  const actual = await sha256OfFile(path, signal);
  requireHash(path, actual, sha256);
  const card = `${path.replace(/\.[^./\\]+$/, '')}.md`;
  return { path, sha256: actual, ...((await exists(card)) && { card }) };
}

function requireHash(what: string, actual: string, expected: string | undefined): void {
  if (expected !== undefined && actual !== expected)
    throw new UserError(
      `${what}: its SHA-256 is ${actual}, expected ${expected}; check the hash, or get the file again`,
    );
}
