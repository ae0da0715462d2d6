import { UserError } from '@unweather/core-tensor';
import { type Evaluation, type Interval, nameOf, type SummaryRow } from '@unweather/eval';
import type { PublishedNumber } from '../published.js';

/** A network's means on a whole split. */
export interface MeasuredRow {
  readonly kind: 'measured';
  /** The evaluation's file name without its ending; in a page, its anchor. */
  readonly name: string;
  readonly evaluation: Evaluation;
  readonly all: SummaryRow;
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

/** An evaluation as a row, held against its paper's number where both answer the same question. */
export function measuredRow(evaluation: Evaluation, published: readonly PublishedNumber[]): MeasuredRow {
  const name = nameOf(evaluation);
  const all = evaluation.summary.at(-1)!;
  const scores = { input: scoresOf(name, all.input), restored: scoresOf(name, all.restored) };
  return { kind: 'measured', name, evaluation, all, ...scores, ...comparison(evaluation, all.pictures, published) };
}

/** The number of a metric of one's own; undefined where it was not measured. */
export function metricOf(row: MeasuredRow, metric: string): Interval | undefined {
  return row.all.restored[metric];
}

function scoresOf(name: string, { psnr, ssim }: SummaryRow['restored']): Scores {
  if (psnr === undefined || ssim === undefined)
    throw new UserError(`${name}.json: summary: the last row has no psnr or no ssim; evaluate again`);
  return { psnr, ssim };
}

/** Which published number an evaluation may be held against, or why none. Nothing is subtracted that differs in kind. */
function comparison(
  { paper, task, dataset, split, benchmark, protocol, expected }: Evaluation,
  pictures: number,
  published: readonly PublishedNumber[],
): Pick<MeasuredRow, 'published' | 'reason'> {
  const none = (reason: string) => ({ published: undefined, reason });
  if (!benchmark) return none('');
  const own = published.filter(
    ({ paper: of, result }) =>
      of === paper && result.task === task && result.dataset === dataset && result.split === split,
  );
  if (own.length === 0) return none('');
  const alike = own.filter(({ result }) => result.protocol === protocol.name);
  if (alike.length === 0) return none(`not compared: published ${protocolsOf(own)}`);
  if (alike.length > 1) return none(`not compared: ${alike.length} published numbers`);
  if (expected !== null && pictures !== expected) return none(`not compared: ${pictures} of ${expected} pictures`);
  return { published: alike[0], reason: '' };
}

function protocolsOf(numbers: readonly PublishedNumber[]): string {
  const stated = [...new Set(numbers.flatMap(({ result }) => result.protocol ?? []))];
  return stated.length > 0 ? `by ${stated.join(', ')}` : 'without a protocol';
}
