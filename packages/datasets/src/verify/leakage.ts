import { join } from 'node:path';
import { openPicture } from '../picture-file.js';
import { inLanes } from '../prepare/lanes.js';
import { distance, type Fingerprint, fingerprint } from './fingerprint.js';

/**
 * Truths of two splits are taken for one scene where so many bits of their fingerprints differ at most. Measured:
 * compressed anew, halved or stretched, a photograph differs from itself in 4 bits at most, under light rain in 6, under
 * heavy rain in up to 18; of 135 different photographs no two differ in fewer than 16.
 */
export const SAME_SCENE = 10;

/** Scenes that a split to test on shares with one to train on. */
export interface Leakage {
  readonly dataset: string;
  readonly train: string;
  readonly test: string;
  /** Truths of the test split, each once. */
  readonly truths: number;
  /** Those of them that are trained on, with the first truth to train on that shows the same. */
  readonly shared: readonly (readonly [test: string, train: string])[];
}

export interface Truths {
  readonly split: string;
  /** Folder the names are relative to. */
  readonly root: string;
  /** Each once. */
  readonly names: readonly string[];
  readonly prints: readonly Fingerprint[];
}

/** The fingerprints of truths. @throws Interrupted */
export async function fingerprints(
  root: string,
  names: readonly string[],
  options: Parameters<typeof inLanes>[2],
): Promise<Fingerprint[]> {
  return inLanes(names, async (name) => fingerprint(await openPicture(join(root, name))), options);
}

/** Which truths of a test split show scenes of a training split. */
export function leakage(dataset: string, train: Truths, test: Truths): Leakage {
  const shared = test.names.flatMap((name, index) => {
    const same = train.prints.findIndex((print) => distance(print, test.prints[index]!) <= SAME_SCENE);
    return same === -1 ? [] : [[name, train.names[same]!] as const];
  });
  return { dataset, train: train.split, test: test.split, truths: test.names.length, shared };
}
