import { readFile } from 'node:fs/promises';
import { fileReason, messageOf, UserError } from '@unweather/core-tensor';
import { entriesIn } from './cache/entry.js';
import { checkCard } from './card/card.js';
import { placed, verifyCarried } from './packages/carried.js';
import { installedPackages } from './packages/installed.js';
import { cacheFolder } from './places.js';

/** Weights on disk. */
export interface Held {
  /** Name to pass to --weights. */
  readonly name: string;
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  readonly sha256: string;
  /** Licence; undefined for a download, since only its web page states it. */
  readonly licence?: string;
  /** Network and task, for weights of a package. */
  readonly network?: string;
  readonly task?: string;
  /** Folder of the package that carries them. */
  readonly folder?: string;
  /** @throws UserError if the file or the card is not as it should be */
  verify(): Promise<void>;
}

/** Weights that a package carries. */
export type CarriedHeld = Held & Required<Pick<Held, 'task' | 'folder'>>;

export function isCarried(held: Held): held is CarriedHeld {
  return held.task !== undefined && held.folder !== undefined;
}

/**
 * Lists all weights of the cache and of the installed packages.
 * @param from folder from which packages are resolved
 * @throws UserError if a package describes its weights incorrectly
 */
export async function inventory(from: string, cache?: string): Promise<Held[]> {
  const downloads = (await entriesIn(cacheFolder(cache))).map(
    ({ entry, download: { url, size, sha256 } }): Held => ({
      ...{ name: url, path: entry.path, size, sha256 },
      verify: async () => void (await entry.verified()),
    }),
  );
  const carried = (await installedPackages(from)).flatMap((found) =>
    found.weights.map((manifest): Held => {
      const weights = placed(found, manifest);
      const { size, sha256, licence, network, task } = manifest;
      return {
        ...{ name: `${found.name}#${manifest.name}`, path: weights.path, size, sha256, licence, network, task },
        folder: found.folder,
        async verify() {
          await verifyCarried(weights);
          const card = await readFile(weights.card, 'utf8').catch((thrown) => {
            throw new UserError(`${weights.card}: cannot be read (${fileReason(thrown)}); tell its publisher`);
          });
          checkCard(card, weights.card);
        },
      };
    }),
  );
  return [...downloads, ...carried];
}

/** Describes the problem with weights; undefined if there is none. */
export async function problemOf(held: Held): Promise<string | undefined> {
  try {
    await held.verify();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    return messageOf(thrown);
  }
}
