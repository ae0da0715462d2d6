import { extname } from 'node:path';
import { printable, STANDARD, writeWhole } from '@unweather/core-tensor';
import { writeContactSheet } from '@unweather/eval';
import { UsageError } from '../usage-error.js';
import { comparisonPage } from './page.js';
import { type Compared, readCompared } from './read.js';

/** Writers of a comparison, by the file's ending. */
const WRITERS: Readonly<Record<string, (out: string, compared: readonly Compared[]) => Promise<void>>> = {
  '.html': async (out, compared) => writeWhole(out, await comparisonPage(compared)),
  '.png': (out, compared) =>
    writeContactSheet(
      out,
      compared.map(({ role }) => role),
      [
        {
          pictures: compared.map(({ picture }) => picture),
          captions: compared.map(({ name, scores }) => scores ?? name),
        },
      ],
    ),
};

/**
 * Shows pictures side by side, on a page or on a sheet.
 * @throws UsageError where the file to write has another ending
 * @throws UserError as {@link readCompared}, and where the file cannot be written
 */
export async function compareCommand(
  before: string,
  after: string,
  truth: string | undefined,
  { out }: { readonly out: string },
): Promise<void> {
  if (out === STANDARD)
    throw new UsageError('a comparison is not written to standard output; give a file that ends in .html or .png');
  const write = WRITERS[extname(out).toLowerCase()];
  if (write === undefined)
    throw new UsageError(`${out}: the name must end in .html (a page with a slider) or .png (a sheet)`);
  await write(out, await readCompared(before, after, truth));
  process.stdout.write(`wrote ${printable(out)}\n`);
}
