import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PairSource } from './pair.js';
import { RAIN_LEVELS } from './rain.js';

export type EmbeddedSplit = 'train' | 'held-out';

/**
 * The photographs that travel with this package, with rain. 'train': each photograph once, with other rain of a drawn
 * level at every visit. 'held-out': other photographs, each under light, medium and heavy rain that is always the same.
 */
export async function embeddedPairs(split: EmbeddedSplit): Promise<PairSource[]> {
  const folder = new URL(`../embedded/${split}/`, import.meta.url);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.png')).sort();
  return files.flatMap((file): PairSource[] => {
    const truth = fileURLToPath(new URL(file, folder));
    const name = basename(file, '.png');
    if (split === 'train') return [{ kind: 'rain', name, truth, level: 'drawn', seed: 'visit' }];
    return RAIN_LEVELS.map((level) => ({ kind: 'rain', name: `${name}-${level}`, truth, level, seed: 1 }));
  });
}
