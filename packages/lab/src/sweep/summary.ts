import {
  type Difference,
  decimals,
  type Interval,
  intervals,
  pairedDifference,
  type ResultRecord,
  signed,
} from '@unweather/eval';
import { markdownTable } from 'markdown-table';

/** A finished run with the scores of its held-out pictures. */
export interface ScoredRun {
  readonly name: string;
  readonly records: readonly ResultRecord[];
}

/** A run's means beside those of the first run that was scored on the same pictures. */
export interface SweepRow {
  readonly name: string;
  /** Dataset, split and protocol. */
  readonly scored: string;
  readonly pictures: number;
  /** In dB. */
  readonly psnr: Interval;
  readonly ssim: Interval;
  /** PSNR less that of the first run, picture by picture; undefined for the first run itself. */
  readonly difference: Difference | undefined;
}

/** Compares runs: means with 95 % intervals, and paired differences from the first run with the same pictures. */
export function compareRuns(runs: readonly ScoredRun[]): SweepRow[] {
  const keyOf = ({ records }: ScoredRun) => JSON.stringify([scoredOn(records), records.map(({ picture }) => picture)]);
  const keys = runs.map(keyOf);
  return runs.map(({ name, records }, i) => {
    const first = runs[keys.indexOf(keys[i]!)]!.records;
    const column = (of: ScoredRun['records'], score: 'psnr' | 'ssim') => of.map(({ restored }) => restored[score]);
    const own = column(records, 'psnr');
    const scenes = records.map(({ scene }) => scene);
    const [psnr, ssim] = intervals([own, column(records, 'ssim')], scenes);
    return {
      ...{ name, scored: scoredOn(records), pictures: records.length, psnr: psnr!, ssim: ssim! },
      difference: first === records ? undefined : pairedDifference(column(first, 'psnr'), own, scenes),
    };
  });
}

/** The rows as Markdown tables, one for each set of pictures and protocol. */
export function sweepTable(rows: readonly SweepRow[]): string {
  const groups = [...new Set(rows.map(({ scored }) => scored))];
  const range = ({ low, high }: Interval) => `${decimals(low, 2)} to ${decimals(high, 2)}`;
  const head = ['run', 'pictures', 'PSNR', '95 %', 'SSIM', 'against the first', '95 %'];
  return groups
    .map((group) => {
      const lines = rows
        .filter(({ scored }) => scored === group)
        .map(({ name, pictures, psnr, ssim, difference }) => [
          name,
          String(pictures),
          decimals(psnr.mean, 2),
          range(psnr),
          decimals(ssim.mean, 4),
          ...(difference === undefined
            ? ['', '']
            : [signed(difference.mean, 2), `${signed(difference.low, 2)} to ${signed(difference.high, 2)}`]),
        ]);
      return `${group}:\n\n${markdownTable([head, ...lines], { align: ['l', ...'rrrrrr'] })}`;
    })
    .join('\n\n');
}

function scoredOn(records: readonly ResultRecord[]): string {
  const [first] = records;
  return first === undefined ? 'nothing' : `${`${first.dataset} ${first.split}`.trim()}, ${first.protocol}`;
}
