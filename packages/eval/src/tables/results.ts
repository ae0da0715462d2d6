import { join } from 'node:path';
import { writeWhole } from '@unweather/core-tensor';
import { type ResultRecord, toCsv } from './record.js';
import { summaryTable } from './summary.js';

/** What a table says above its numbers. */
export interface Heading {
  readonly title: string;
  /** Sentences a reader must know: the protocol in words, whether the pictures are a paper's benchmark. */
  readonly notes: readonly string[];
}

/**
 * Writes `<name>.csv` (one picture a line) and `<name>.md` (the means, with what they mean).
 * @returns the paths written
 * @throws UserError naming the file that cannot be written
 */
export async function writeResults(
  folder: string,
  name: string,
  { title, notes }: Heading,
  records: readonly ResultRecord[],
): Promise<string[]> {
  const [csv, markdown] = [join(folder, `${name}.csv`), join(folder, `${name}.md`)] as const;
  await writeWhole(csv, toCsv(records));
  await writeWhole(markdown, [`# ${title}`, ...notes, summaryTable(records)].join('\n\n'), '\n');
  return [csv, markdown];
}
