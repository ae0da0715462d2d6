import { stringify } from 'csv-stringify/sync';
import type { Scores } from '../protocols/protocol.js';

/** Scores of one picture: a protocol's, and those of other metrics by name. */
export type ScoreSet = Readonly<Record<string, number>> & Scores;

/** The scores of one picture, before and after it was restored. */
export interface PictureRecord {
  readonly picture: string;
  /** Condition shared by the pictures of a row in the summary, such as the rain's level; may be empty. */
  readonly condition: string;
  /** Name of the truth, from its pixels: the same for all pictures of one scene. */
  readonly scene: string;
  /** Hash of everything that decides the scores: weights, both pictures, protocol, metrics, engine, version. */
  readonly key: string;
  readonly input: ScoreSet;
  readonly restored: ScoreSet;
}

/** Scores of one picture, with the context needed to interpret them. */
export interface ResultRecord extends PictureRecord {
  readonly paper: string;
  readonly network: string;
  readonly dataset: string;
  readonly split: string;
  readonly protocol: string;
  /** SHA-256 of the weights that were scored. */
  readonly weights: string;
  readonly engine: string;
  readonly origin: 'measured here' | 'published';
}

/** Picks the fields of a record that differ per picture. */
export function pictureRecord({ picture, condition, scene, key, input, restored }: PictureRecord): PictureRecord {
  return { picture, condition, scene, key, input, restored };
}

/** Records as CSV, one picture a line, numbers with six decimals; an infinite PSNR is written "inf". */
export function toCsv(records: readonly ResultRecord[]): string {
  const rows = records.map((record) => ({
    paper: record.paper,
    network: record.network,
    dataset: record.dataset,
    split: record.split,
    picture: record.picture,
    condition: record.condition,
    protocol: record.protocol,
    ...named('input_', record.input),
    ...named('', record.restored),
    origin: record.origin,
    weights_sha256: record.weights,
    engine: record.engine,
  }));
  return csv(rows);
}

/** Rows as CSV, with the columns of all rows; missing values are empty. */
export function csv(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return stringify([...rows], { header: true, columns, cast: { number: (value) => decimals(value, 6) } });
}

/** Scores by column name: `ssimJs` becomes ssim_js, `ms-ssim` ms_ssim. */
function named(prefix: string, scores: ScoreSet): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [`${prefix}${column(name)}`, value]));
}

/** Column name of a metric. */
export function column(metric: string): string {
  return metric.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/-/g, '_');
}

/** A number with a fixed count of decimals; "inf" or "-inf" where it is infinite. */
export function decimals(value: number, count: number): string {
  return Number.isFinite(value) ? value.toFixed(count) : String(value).replace('Infinity', 'inf');
}

/** A difference with its sign: "+0.12", "−1.30". */
export function signed(value: number, count: number): string {
  const text = decimals(Math.abs(value), count);
  // A value that rounds to 0 has no sign.
  return /^[0.]+$/.test(text) ? text : `${value < 0 ? '−' : '+'}${text}`;
}
