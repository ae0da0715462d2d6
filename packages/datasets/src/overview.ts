import { markdownTable } from 'markdown-table';
import { preparedSplits } from './prepare/sidecar.js';
import type { Registry } from './registry.js';

/** One split, as `list` shows it. */
export interface OverviewRow {
  readonly dataset: string;
  readonly split: string;
  readonly task: string;
  readonly expected: number | null;
  /** Number of prepared pairs; null if the split is not prepared. */
  readonly prepared: number | null;
  readonly partial: boolean;
}

/** Lists every registered split with its pairs prepared in a folder. @throws UserError for a broken sidecar */
export async function overview({ datasets }: Registry, out: string): Promise<OverviewRow[]> {
  const ready = await preparedSplits(out);
  return Object.entries(datasets)
    .filter(([, { benchmark }]) => benchmark)
    .flatMap(([dataset, { task, splits }]) =>
      splits.map(({ name: split, pairs: expected }) => {
        const found = ready.find((candidate) => candidate.dataset === dataset && candidate.split === split);
        const { pairs: prepared = null, partial = false } = found ?? {};
        return { dataset, split, task, expected, prepared, partial };
      }),
    );
}

/** Formats the rows as a Markdown table. */
export function overviewTable(rows: readonly OverviewRow[]): string {
  const state = ({ prepared, partial }: OverviewRow) =>
    prepared === null ? 'missing' : `${prepared} pairs${partial ? ', partial' : ''}`;
  return markdownTable(
    [
      ['dataset', 'split', 'task', 'pairs', 'prepared'],
      ...rows.map((row) => [
        row.dataset,
        row.split,
        row.task,
        row.expected === null ? 'not stated' : String(row.expected),
        state(row),
      ]),
    ],
    { align: ['l', 'l', 'l', 'r', 'l'] },
  );
}
