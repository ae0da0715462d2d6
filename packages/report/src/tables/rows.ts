import { UserError } from '@unweather/core-tensor';
import { type Evaluation, type Interval, nameOf, type SummaryRow } from '@unweather/eval';
import type { PublishedNumber } from '../published.js';

/** A network's means on a whole split, or on its pictures of one condition that has a published number. */
export interface MeasuredRow {
  readonly kind: 'measured';
  /** The evaluation's file name without its ending; in a page, its anchor. */
  readonly name: string;
  readonly evaluation: Evaluation;
  /** 'all', except in rows of one condition. */
  readonly condition: string;
  readonly means: SummaryRow;
  readonly input: Scores;
  readonly restored: Scores;
  /** The one published number that it may be compared with. */
  readonly published: PublishedNumber | undefined;
  /** Reason for no comparison, though the paper published numbers; empty otherwise. */
  readonly reason: string;
}

/** A number that somebody else measured. */
export interface PublishedRow {
  readonly kind: 'published';
  readonly number: PublishedNumber;
  /** Relation to the numbers measured here. */
  readonly reason: string;
}

/** A line of a table: a number measured here, or one that was published. */
export type Row = MeasuredRow | PublishedRow;

interface Scores {
  readonly psnr: Interval;
  readonly ssim: Interval;
}

/**
 * Rows of an evaluation, compared with its paper's numbers where both answer the same question: its means over all
 * pictures, and over those of each condition that has a published number.
 */
export function measuredRows(evaluation: Evaluation, published: readonly PublishedNumber[]): MeasuredRow[] {
  const name = nameOf(evaluation);
  const own = evaluation.benchmark ? published.filter((number) => isOf(number, evaluation)) : [];
  const conditions = new Set(own.map(({ result }) => result.condition ?? ALL));
  return evaluation.summary
    .filter((means, i) => i === evaluation.summary.length - 1 || conditions.has(means.condition))
    .map((means) => {
      const { condition } = means;
      const scores = { input: scoresOf(name, means.input), restored: scoresOf(name, means.restored) };
      const alike = own.filter(({ result }) => (result.condition ?? ALL) === condition);
      return { kind: 'measured', name, evaluation, condition, means, ...scores, ...comparison(evaluation, alike) };
    });
}

/** Name of a summary's last row. */
export const ALL = 'all';

/** Score of a metric besides the protocol's; undefined where it was not measured. */
export function metricOf(row: MeasuredRow, metric: string): Interval | undefined {
  return row.means.restored[metric];
}

function scoresOf(name: string, { psnr, ssim }: SummaryRow['restored']): Scores {
  if (psnr === undefined || ssim === undefined)
    throw new UserError(`${name}.json: summary: the last row has no psnr or no ssim; evaluate again`);
  return { psnr, ssim };
}

/** Published number to compare an evaluation with, or the reason for none. Different kinds are never subtracted. */
function comparison(
  { protocol, expected, summary }: Evaluation,
  own: readonly PublishedNumber[],
): Pick<MeasuredRow, 'published' | 'reason'> {
  const none = (reason: string) => ({ published: undefined, reason });
  const { pictures } = summary.at(-1)!;
  if (own.length === 0) return none('');
  const alike = own.filter(({ result }) => result.protocol === protocol.name);
  if (alike.length === 0) return none(`not compared: published ${protocolsOf(own)}`);
  if (alike.length > 1) return none(`not compared: ${alike.length} published numbers`);
  if (expected !== null && pictures !== expected) return none(`not compared: ${pictures} of ${expected} pictures`);
  return { published: alike[0], reason: '' };
}

function isOf({ paper, result }: PublishedNumber, evaluation: Evaluation): boolean {
  const { task, dataset, split } = evaluation;
  return paper === evaluation.paper && result.task === task && result.dataset === dataset && result.split === split;
}

function protocolsOf(numbers: readonly PublishedNumber[]): string {
  const stated = [...new Set(numbers.flatMap(({ result }) => result.protocol ?? []))];
  return stated.length > 0 ? `by ${stated.join(', ')}` : 'without a protocol';
}
