import { DEGRADATIONS, type DegradationName } from '../degrade/degradations.js';
import { embeddedPairs } from '../embedded.js';
import { readMeta } from '../meta.js';
import type { PairSource } from '../pair.js';

/** Real pairs: their meta file, and the folder that its paths are relative to. */
export interface RealPairs {
  readonly meta: string;
  readonly root?: string | undefined;
}

/** Pairs that are measured together. */
export interface StatisticsSet {
  /** Meta file of real pairs, or a degradation with its level. */
  readonly set: string;
  readonly pairs: readonly PairSource[];
  /** Absent for real pairs. */
  readonly degradation?: DegradationName;
}

/**
 * Lists real pairs, if a list is given, and every level of some degradations on the embedded photographs.
 * @throws UserError naming the file that cannot be used
 */
export async function statisticsSets(
  real: RealPairs | undefined,
  degradations: readonly DegradationName[],
): Promise<StatisticsSet[]> {
  const photographs = await embeddedPairs('train', 'rain', { everyLevel: true });
  const truths = [...new Set(photographs.map(({ truth }) => truth))];
  const sets: StatisticsSet[] = real ? [{ set: real.meta, pairs: await readMeta(real.meta, real.root) }] : [];
  for (const degradation of degradations)
    for (const level of DEGRADATIONS[degradation].levels) {
      const synthesised = { kind: 'synthesised', degradation, level, seed: 0 } as const;
      const pairs = truths.map((truth, i): PairSource => ({ ...synthesised, name: `statistics-${i}`, truth }));
      sets.push({ set: `${degradation}, ${level}`, pairs, degradation });
    }
  return sets;
}
