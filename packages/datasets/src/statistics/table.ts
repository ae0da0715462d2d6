import { Random } from '@unweather/core-tensor';
import type { DEGRADATIONS } from '../degrade/degradations.js';
import { openPair } from '../pair.js';
import { type Cells, markdownOf } from './cells.js';
import type { Blending } from './layer.js';
import { type RealPairs, statisticsSets } from './sets.js';
import { blendingLaw, type StreakStatistics, streakStatistics } from './streaks.js';

/** Statistics of a set of pairs. */
export interface StatisticsRow {
  /** A list of real pairs, or a degradation with its level. */
  readonly set: string;
  readonly pairs: number;
  /** Smallest and largest lean of the pairs; the other statistics are medians. */
  readonly lean: readonly [number, number];
  readonly medians: Omit<StreakStatistics, 'lean'>;
  /** Means over the pairs of {@link blendingLaw}. */
  readonly law: readonly number[];
}

/** Synthesised rains that are measured beside real ones, with the law by which their light is extracted. */
const RAINS = {
  rain: 'screened',
  'dense-rain': 'screened',
  'screened-rain': 'screened',
  'added-rain': 'added',
} as const satisfies Partial<Record<keyof typeof DEGRADATIONS, Blending>>;

type RainName = keyof typeof RAINS;

export const RAIN_NAMES = Object.keys(RAINS) as RainName[];

/**
 * Measures real pairs, if a list is given, and every synthesised rain on the embedded photographs.
 * @param real meta file of real pairs, the folder of its paths, and the law by which their rain combines with the scene
 * @param rains synthesised rains to measure; default: all
 * @throws UserError naming the file that cannot be used
 */
export async function rainStatistics(
  real?: RealPairs & { readonly blending: Blending },
  rains: readonly RainName[] = RAIN_NAMES,
): Promise<StatisticsRow[]> {
  const rows: StatisticsRow[] = [];
  for (const { set, pairs, degradation } of await statisticsSets(real, rains)) {
    const blending = degradation === undefined ? real!.blending : RAINS[degradation as RainName];
    const measured: { streaks: StreakStatistics; law: number[] }[] = [];
    for (const source of pairs) {
      const { truth, input } = await openPair(source, Random.named('statistics', source.name));
      measured.push({ streaks: streakStatistics(truth, input, blending), law: blendingLaw(truth, input) });
    }
    rows.push(rowOf(set, measured));
  }
  return rows;
}

function rowOf(set: string, measured: readonly { streaks: StreakStatistics; law: number[] }[]): StatisticsRow {
  const of = (key: keyof StreakStatistics) => measured.map(({ streaks }) => streaks[key]);
  const median = (key: keyof StreakStatistics) => of(key).sort((a, b) => a - b)[Math.floor(measured.length / 2)]!;
  const medians = {
    coherence: median('coherence'),
    across: median('across'),
    along: median('along'),
    mean: median('mean'),
    deviation: median('deviation'),
    percentile5: median('percentile5'),
    percentile99: median('percentile99'),
  };
  const law = [0, 1, 2, 3, 4].map((bin) => {
    const told = measured.map((one) => one.law[bin]!).filter((value) => !Number.isNaN(value));
    return told.reduce((sum, value) => sum + value, 0) / told.length;
  });
  return { set, pairs: measured.length, lean: [Math.min(...of('lean')), Math.max(...of('lean'))], medians, law };
}

/** Formats the rows as a Markdown table. */
export function statisticsTable(rows: readonly StatisticsRow[]): string {
  return markdownOf(rainCells(rows));
}

/** Formats the rows as text cells, with a head. */
export function rainCells(rows: readonly StatisticsRow[]): Cells {
  const head = ['', 'pairs', 'lean, °', 'coherence', 'across, px', 'along, px', 'mean', 'deviation', '5 %', '99 %'];
  const laws = ['.1', '.3', '.5', '.7', '.9'].map((brightness) => `at ${brightness}`);
  const lines = rows.map(({ set, pairs, lean, medians: of, law }) => [
    set,
    String(pairs),
    lean.map((degrees) => degrees.toFixed(0)).join(' to '),
    of.coherence.toFixed(2),
    of.across.toFixed(1),
    of.along.toFixed(1),
    ...[of.mean, of.deviation, of.percentile5, of.percentile99, ...law].map((value) => value.toFixed(3)),
  ]);
  return [[...head, ...laws], ...lines];
}
