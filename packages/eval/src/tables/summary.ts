import { markdownTable } from 'markdown-table';
import { METRICS } from '../metrics/metrics.js';
import { type Interval, intervals } from './bootstrap.js';
import { decimals, type PictureRecord } from './record.js';

/** Means over the pictures of one condition, or over all. */
export interface SummaryRow {
  /** 'all' for the last row. */
  readonly condition: string;
  readonly pictures: number;
  /** Means by metric. */
  readonly input: Readonly<Record<string, Interval>>;
  readonly restored: Readonly<Record<string, Interval>>;
  /** PSNR after less PSNR before. */
  readonly gain: Interval;
}

/** Returns a row per condition if there are several, and a last one over all pictures: nothing is left out. */
export function summarise(records: readonly PictureRecord[]): SummaryRow[] {
  const conditions = [...new Set(records.map(({ condition }) => condition))];
  const of = (name: string) => records.filter(({ condition }) => condition === name);
  const rows = conditions.length > 1 ? conditions.map((name) => summaryRow(name, of(name))) : [];
  return [...rows, summaryRow('all', records)];
}

function summaryRow(condition: string, records: readonly PictureRecord[]): SummaryRow {
  const names = Object.keys(records[0]?.restored ?? {});
  const before = names.map((name) => records.map(({ input }) => input[name]!));
  const after = names.map((name) => records.map(({ restored }) => restored[name]!));
  const gains = records.map(({ input, restored }) => gain(input.psnr, restored.psnr));
  const found = intervals(
    [...before, ...after, gains],
    records.map(({ scene }) => scene),
  );
  const part = (from: number) => Object.fromEntries(names.map((name, i) => [name, found[from + i]!]));
  return {
    condition,
    pictures: records.length,
    input: part(0),
    restored: part(names.length),
    gain: found.at(-1)!,
  };
}

/** PSNR after less PSNR before; 0 for equal ones, since ∞ − ∞ is NaN for a picture that was perfect and stayed so. */
function gain(before: number, after: number): number {
  return before === after ? 0 : after - before;
}

/**
 * The means of some records as an aligned Markdown table, for consoles and files alike. PSNR in dB with two decimals,
 * its 95 % interval over all pictures in the last line; SSIM with four. A mean over an identical picture is infinite
 * ("inf").
 */
export function summaryTable(records: readonly PictureRecord[]): string {
  const rows = summarise(records);
  const { low, high } = rows.at(-1)!.restored.psnr ?? { low: Number.NaN, high: Number.NaN };
  const others = Object.keys(rows[0]!.restored).filter((name) => !PROTOCOL.has(name));
  const head = ['', 'pictures', 'PSNR in', 'PSNR out', 'gain', 'SSIM in', 'SSIM out', 'ssim.js in', 'ssim.js out'];
  const heads = [...head, ...others.flatMap((name) => [`${name} in`, `${name} out`])];
  const align = ['l', ...Array<string>(heads.length - 1).fill('r')];
  const table = markdownTable([heads, ...rows.map((summary) => row(summary, others))], { align });
  return `${table}\n\n95 % of resampled means of PSNR out lie between ${decimals(low, 2)} and ${decimals(high, 2)} dB.`;
}

/** Scores that every protocol gives; other metrics have columns of their own. */
const PROTOCOL = new Set(['psnr', 'ssim', 'ssimJs']);

/** Mean of one quantity over records. */
export function meanOf<T>(records: readonly T[], of: (record: T) => number): number {
  return records.reduce((sum, record) => sum + of(record), 0) / records.length;
}

function row({ condition, pictures, input, restored, gain }: SummaryRow, others: readonly string[]): string[] {
  const two = ({ mean }: Interval) => decimals(mean, 2);
  const four = ({ mean }: Interval) => decimals(mean, 4);
  return [
    condition,
    String(pictures),
    two(input.psnr!),
    two(restored.psnr!),
    two(gain),
    four(input.ssim!),
    four(restored.ssim!),
    four(input.ssimJs!),
    four(restored.ssimJs!),
    ...others.flatMap((name) =>
      [input, restored].map((side) => decimals(side[name]!.mean, METRICS[name]?.decimals ?? 4)),
    ),
  ];
}
