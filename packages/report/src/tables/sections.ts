import type { Evaluation } from '@unweather/eval';
import type { PublishedNumber } from '../published.js';
import type { Sources } from '../sources.js';
import { type MeasuredRow, measuredRows, type PublishedRow, type Row } from './rows.js';

/** Results on one split for one task. */
export interface Section {
  readonly id: string;
  /**
   * Kind of split: only a benchmark's numbers may be compared with a paper's, not those of the embedded photographs or
   * of a user's own lists.
   */
  readonly kind: 'benchmark' | 'embedded' | 'own';
  readonly title: string;
  /** Rows by protocol: numbers of different protocols must not share a column. */
  readonly groups: readonly Group[];
}

/** The rows that one protocol scored. */
export interface Group {
  /** Protocol; null where the source does not state it. */
  readonly protocol: { readonly name: string; readonly description: string } | null;
  readonly rows: readonly Row[];
}

/** Contents of a report's tables. */
export interface Tables {
  readonly sections: readonly Section[];
  /** Published numbers on splits that were not measured here. */
  readonly unmeasured: readonly PublishedRow[];
}

const ORDER = { benchmark: 0, embedded: 1, own: 2 };

/** Sorts evaluations and published numbers into sections, benchmarks first. */
export function tablesOf({ evaluations, published }: Sources): Tables {
  const bySplit = new Map<string, Evaluation[]>();
  for (const evaluation of evaluations) {
    const key = splitKey(evaluation);
    bySplit.set(key, [...(bySplit.get(key) ?? []), evaluation]);
  }
  const sections = [...bySplit.values()].map((of) => sectionOf(of, published));
  sections.sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || a.title.localeCompare(b.title));
  const measured = new Set(evaluations.filter(({ benchmark }) => benchmark).map(splitKey));
  const unmeasured = published
    .filter(({ result }) => !measured.has(splitKey({ ...result, benchmark: true })))
    .map((number): PublishedRow => ({ kind: 'published', number, reason: 'not measured here' }));
  return { sections, unmeasured };
}

/** Key of a split; a list that happens to have a benchmark's name stays apart from the benchmark. */
function splitKey(of: Pick<Evaluation, 'task' | 'dataset' | 'split' | 'benchmark'>): string {
  return JSON.stringify([of.task, of.dataset, of.split, of.benchmark]);
}

function sectionOf(evaluations: readonly Evaluation[], published: readonly PublishedNumber[]): Section {
  const { task, taskTitle, dataset, split, benchmark } = evaluations[0]!;
  const rows = evaluations.flatMap((evaluation) => measuredRows(evaluation, published));
  const others = benchmark ? publishedRows(rows, published, { task, dataset, split }) : [];
  const kind = benchmark ? 'benchmark' : dataset === 'embedded' ? 'embedded' : 'own';
  const id = [task, dataset, split, ...(benchmark ? [] : ['own'])].join('-').replace(/[^\w-]+/g, '_');
  return { id, kind, title: [taskTitle, dataset, split].filter(Boolean).join(', '), groups: groupsOf(rows, others) };
}

/** The published numbers on a split that stand in no measured row. */
function publishedRows(
  rows: readonly MeasuredRow[],
  published: readonly PublishedNumber[],
  { task, dataset, split }: { task: string; dataset: string; split: string },
): PublishedRow[] {
  const shown = new Set(rows.map((row) => row.published));
  const papers = new Set(rows.map(({ evaluation }) => evaluation.paper));
  return published
    .filter(({ result }) => result.task === task && result.dataset === dataset && result.split === split)
    .filter((number) => !shown.has(number))
    .map((number) => {
      const reason = papers.has(number.paper) ? 'published, not compared' : 'not measured here';
      return { kind: 'published', number, reason };
    });
}

function groupsOf(measured: readonly MeasuredRow[], published: readonly PublishedRow[]): Group[] {
  const descriptions = new Map(measured.map(({ evaluation: { protocol } }) => [protocol.name, protocol.description]));
  const protocolOf = (row: Row) =>
    row.kind === 'measured' ? row.evaluation.protocol.name : row.number.result.protocol;
  const groups = new Map<string | null, Row[]>();
  const byPsnr = [...measured].sort((a, b) => b.restored.psnr.mean - a.restored.psnr.mean);
  for (const row of [...byPsnr, ...published]) {
    const name = protocolOf(row);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, rows]) => ({
    protocol: name === null ? null : { name, description: descriptions.get(name) ?? '' },
    rows,
  }));
}
