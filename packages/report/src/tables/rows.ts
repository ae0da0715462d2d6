import { UserError } from '@unweather/core-tensor';
import { type Evaluation, type Interval, nameOf, type SummaryRow } from '@unweather/eval';
import type { PublishedNumber } from '../published.js';

/** A network's means on a whole split, or on its pictures of one condition of which a number was published. */
export interface MeasuredRow {
  readonly kind: 'measured';
  /** The evaluation's file name without its ending; in a page, its anchor. */
  readonly name: string;
  readonly evaluation: Evaluation;
  /** 'all' but for the rows of one condition. */
  readonly condition: string;
  readonly means: SummaryRow;
  readonly input: Scores;
  readonly restored: Scores;
  /** The one published number that it may be held against. */
  readonly published: PublishedNumber | undefined;
  /** Why it is held against none though the paper published some; empty where it did not. */
  readonly reason: string;
}

/** A number that somebody else measured. */
export interface PublishedRow {
  readonly kind: 'published';
  readonly number: PublishedNumber;
  /** How it stands to what was measured here. */
  readonly reason: string;
}

/** A line of a table: a number measured here, or one that was published. */
export type Row = MeasuredRow | PublishedRow;

interface Scores {
  readonly psnr: Interval;
  readonly ssim: Interval;
}

/**
 * An evaluation as rows, held against its paper's numbers where both answer the same question: its means over all
 * pictures, and over those of a condition where a number of that one was published.
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

/** What the last row of a summary is called. */
export const ALL = 'all';

/** The number of a metric of one's own; undefined where it was not measured. */
export function metricOf(row: MeasuredRow, metric: string): Interval | undefined {
  return row.means.restored[metric];
}

function scoresOf(name: string, { psnr, ssim }: SummaryRow['restored']): Scores {
  if (psnr === undefined || ssim === undefined)
    throw new UserError(`${name}.json: summary: the last row has no psnr or no ssim; evaluate again`);
  return { psnr, ssim };
}

/** Which published number an evaluation may be held against, or why none. Nothing is subtracted that differs in kind. */
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
