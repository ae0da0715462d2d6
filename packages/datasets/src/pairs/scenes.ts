import { Random, UserError } from '@unweather/core-tensor';
import type { inLanes } from '../prepare/lanes.js';
import type { Entry } from '../prepare/pairing.js';
import { distance } from '../verify/fingerprint.js';
import { fingerprints, SAME_SCENE } from '../verify/leakage.js';
import { counted } from './leftovers.js';

/** Pairs to train on, and pairs of other scenes. */
export interface SplitPairs {
  readonly train: readonly Entry[];
  readonly heldOut: readonly Entry[];
  /** Number of scenes on each side. */
  readonly scenes: readonly [train: number, heldOut: number];
  /** Truths that show the scene of another one. */
  readonly alike: number;
}

/**
 * Splits pairs by scene: all inputs of a truth, and truths that show the same scene, stay together. The seed and the
 * paths alone decide.
 * @param part fraction of the scenes to hold out, below 1, or their number
 * @throws UserError naming a truth that cannot be decoded, and if there are too few scenes
 * @throws Interrupted
 */
export async function splitByScene(
  root: string,
  entries: readonly Entry[],
  part: number,
  seed: number,
  options: Parameters<typeof inLanes>[2],
): Promise<SplitPairs> {
  const truths = [...new Set(entries.map(([truth]) => truth))].sort();
  const prints = await fingerprints(root, truths, options);
  // The scene of a truth is the first truth that it is linked to.
  const scene = truths.map((_, index) => index);
  const sceneOf = (index: number) => {
    let first = index;
    while (scene[first] !== first) first = scene[first]!;
    scene[index] = first;
    return first;
  };
  for (const [index, print] of prints.entries())
    for (let other = 0; other < index; other++)
      if (distance(print, prints[other]!) <= SAME_SCENE) {
        const [a, b] = [sceneOf(index), sceneOf(other)];
        scene[Math.max(a, b)] = Math.min(a, b);
      }
  const scenes = [...new Set(truths.map((_, index) => sceneOf(index)))];
  const count = part < 1 ? Math.max(1, Math.round(part * scenes.length)) : part;
  if (count >= scenes.length)
    throw new UserError(
      `--held-out ${part}: the pairs show ${counted(scenes.length, 'scene')}, and one must be left to train on; hold out fewer`,
    );
  const order = Random.named('held-out', seed).permutation(scenes.length);
  const chosen = new Set(order.slice(0, count).map((index) => scenes[index]!));
  const held = new Set(truths.filter((_, index) => chosen.has(sceneOf(index))));
  return {
    train: entries.filter(([truth]) => !held.has(truth)),
    heldOut: entries.filter(([truth]) => held.has(truth)),
    scenes: [scenes.length - count, count],
    alike: truths.length - scenes.length,
  };
}
