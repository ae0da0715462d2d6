import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEGRADATIONS, type DegradationName } from './degrade/degradations.js';
import type { PairSource } from './pair.js';

/** Split of the photographs: for training, or held out; no scene is in both. */
export type EmbeddedSplit = 'train' | 'held-out';

/** Degradations that differ when held out: Gaussian noise becomes that of DuRN's test script, always the same. */
const HELD_OUT: Partial<Record<DegradationName, DegradationName>> = { 'gaussian-noise': 'gaussian-noise-seeded' };

/**
 * Lists pairs of the photographs that ship with this package. 'train': each photograph once, degraded differently at
 * every visit, at a random level. 'held-out': other photographs, each at every level, always the same.
 * @param options everyLevel: with 'train', each photograph at every level, weakest first
 */
export async function embeddedPairs(
  split: EmbeddedSplit,
  degradation: DegradationName,
  { everyLevel = false }: { readonly everyLevel?: boolean } = {},
): Promise<PairSource[]> {
  const folder = new URL(`../embedded/${split}/`, import.meta.url);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.png')).sort();
  const fixed = HELD_OUT[degradation] ?? degradation;
  return files.flatMap((file): PairSource[] => {
    const truth = fileURLToPath(new URL(file, folder));
    const name = basename(file, '.png');
    if (split === 'train') {
      const levels = everyLevel ? DEGRADATIONS[degradation].levels : ['drawn'];
      return levels.map((level) => ({ kind: 'synthesised', name, truth, degradation, level, seed: 'visit' }));
    }
    return DEGRADATIONS[fixed].levels.map((level) => ({
      kind: 'synthesised',
      name: `${name}-${level}`,
      truth,
      degradation: fixed,
      level,
      seed: 1,
    }));
  });
}
