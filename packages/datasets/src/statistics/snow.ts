import { type AnyPicture, Random, toFloats } from '@unweather/core-tensor';
import type { DEGRADATIONS } from '../degrade/degradations.js';
import { openPair } from '../pair.js';
import { type Cells, markdownOf } from './cells.js';
import { type FlakeStatistics, flakeStatistics } from './flakes.js';
import { type RealPairs, statisticsSets } from './sets.js';

/** Medians over the pairs of a set, with the smallest and largest veil and lean. */
export interface SnowRow extends Omit<FlakeStatistics, 'lean'> {
  readonly set: string;
  readonly pairs: number;
  /** RGB PSNR of the snowy pictures, in dB. */
  readonly psnr: number;
  readonly veils: readonly [number, number];
  readonly leans: readonly [number, number];
}

export const SNOWS = ['snow', 'flaked-snow'] as const satisfies (keyof typeof DEGRADATIONS)[];

/**
 * Measures real pairs, if a list is given, and every synthesised snow on the embedded photographs.
 * @throws UserError naming the file that cannot be used
 */
export async function snowRows(real?: RealPairs, snows: readonly (typeof SNOWS)[number][] = SNOWS): Promise<SnowRow[]> {
  const rows: SnowRow[] = [];
  for (const { set, pairs } of await statisticsSets(real, snows)) {
    const measured: (FlakeStatistics & { readonly psnr: number })[] = [];
    for (const source of pairs) {
      const { truth, input } = await openPair(source, Random.named('statistics', source.name));
      measured.push({ ...flakeStatistics(truth, input), psnr: psnrOf(truth, input) });
    }
    rows.push(rowOf(set, measured));
  }
  return rows;
}

function rowOf(set: string, measured: readonly (FlakeStatistics & { readonly psnr: number })[]): SnowRow {
  const all = (of: (one: (typeof measured)[number]) => number) => measured.map(of).sort((a, b) => a - b);
  const median = (of: (one: (typeof measured)[number]) => number) => all(of)[Math.floor(measured.length / 2)]!;
  const ends = (sorted: readonly number[]) => [sorted[0]!, sorted.at(-1)!] as const;
  return {
    ...{ set, pairs: measured.length, psnr: median(({ psnr }) => psnr) },
    veil: median(({ veil }) => veil),
    veils: ends(all(({ veil }) => veil)),
    coverage: median(({ coverage }) => coverage),
    density: median(({ density }) => density),
    areas: [median(({ areas }) => areas[0]), median(({ areas }) => areas[1]), median(({ areas }) => areas[2])],
    peaks: [median(({ peaks }) => peaks[0]), median(({ peaks }) => peaks[1])],
    elongation: median(({ elongation }) => elongation),
    leans: ends(all(({ lean }) => lean)),
    coherence: median(({ coherence }) => coherence),
  };
}

function psnrOf(truth: AnyPicture, input: AnyPicture): number {
  const [clean, snowy] = [toFloats(truth).data, toFloats(input).data];
  return -10 * Math.log10(clean.reduce((sum, value, i) => sum + (value - snowy[i]!) ** 2, 0) / clean.length);
}

/** Formats the rows as a Markdown table. */
export function snowTable(rows: readonly SnowRow[]): string {
  return markdownOf(snowCells(rows));
}

/** Formats the rows as text cells, with a head. */
export function snowCells(rows: readonly SnowRow[]): Cells {
  const head = [
    ...['', 'pairs', 'PSNR in', 'veil', 'range', 'coverage', 'flakes per 1000 px', 'area 50 %, px', '90 %', '99 %'],
    ...['peak 50 %', '90 %', 'elongation', 'lean, °', 'coherence'],
  ];
  const lines = rows.map(({ set, pairs, psnr, veil, veils, coverage, density, areas, peaks, ...row }) => [
    ...[set, String(pairs), psnr.toFixed(2), veil.toFixed(2), veils.map((value) => value.toFixed(2)).join(' to ')],
    ...[coverage.toFixed(3), density.toFixed(1), ...areas.map(String), ...peaks.map((value) => value.toFixed(2))],
    ...[row.elongation.toFixed(1), row.leans.map((degrees) => degrees.toFixed(0)).join(' to ')],
    row.coherence.toFixed(2),
  ]);
  return [head, ...lines];
}
