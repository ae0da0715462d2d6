import { join } from 'node:path';
import { openPicture } from '../picture-file.js';
import { inLanes } from '../prepare/lanes.js';
import { distance, type Fingerprint, fingerprint } from './fingerprint.js';

/**
 * Largest number of differing fingerprint bits at which two truths count as one scene. Measured: a photograph differs
 * from itself in at most 4 bits when recompressed, halved or stretched, in 6 under light rain, and in up to 18 under
 * heavy rain; no two of 135 different photographs differ in fewer than 16.
 */
export const SAME_SCENE = 10;

/** Scenes that a test split shares with a training split. */
export interface Leakage {
  readonly dataset: string;
  readonly train: string;
  readonly test: string;
  /** Number of distinct truths in the test split. */
  readonly truths: number;
  /** Test truths that are also trained on, each with the first training truth that shows the same scene. */
  readonly shared: readonly (readonly [test: string, train: string])[];
}

export interface Truths {
  readonly split: string;
  /** Folder that the names are relative to. */
  readonly root: string;
  /** Names of the truths, each once. */
  readonly names: readonly string[];
  readonly prints: readonly Fingerprint[];
}

/** Computes the fingerprints of truths. @throws Interrupted */
export async function fingerprints(
  root: string,
  names: readonly string[],
  options: Parameters<typeof inLanes>[2],
): Promise<Fingerprint[]> {
  return inLanes(names, async (name) => fingerprint(await openPicture(join(root, name))), options);
}

/** Finds the truths of a test split that show scenes of a training split. */
export function leakage(dataset: string, train: Truths, test: Truths): Leakage {
  const shared = test.names.flatMap((name, index) => {
    const same = train.prints.findIndex((print) => distance(print, test.prints[index]!) <= SAME_SCENE);
    return same === -1 ? [] : [[name, train.names[same]!] as const];
  });
  return { dataset, train: train.split, test: test.split, truths: test.names.length, shared };
}
