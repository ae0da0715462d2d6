import { markdownTable } from 'markdown-table';

/** A table's head and lines; the first column names the measured set. */
export type Cells = readonly [head: readonly string[], ...lines: (readonly string[])[]];

/** Formats the table in Markdown, with numbers aligned to the right. */
export function markdownOf(cells: Cells): string {
  return markdownTable(cells, { align: ['l', ...Array<string>(cells[0].length - 1).fill('r')] });
}
