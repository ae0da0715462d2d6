import { fileURLToPath } from 'node:url';
import { choicesText, UserError } from '@unweather/core-tensor';
import { markdownTable } from 'markdown-table';
import type { Study } from '../study.js';
import type { GoldenCheck } from './compare.js';
import { type GoldenEntry, goldenEntries, reasonOf } from './entries.js';

type Row = GoldenCheck & { readonly file: string };

/**
 * Checks every golden file of a folder and prints a table, worst deviation first, then "N passed, N failed" alone on
 * the last line. A file that cannot be checked becomes a failed row with the reason; the others are still checked.
 * @returns true if nothing failed
 * @throws UserError if the folder cannot be read or holds no golden file of the paper
 */
export async function parity(
  paper: Study,
  folder: string | undefined,
  print: (text: string) => void,
): Promise<boolean> {
  const where = folder ?? fileURLToPath(paper.goldens);
  const entries = await goldenEntries(paper, where);
  if (!entries.some(({ known }) => known))
    throw new UserError(
      `${where}: no golden file of ${choicesText(Object.keys(paper.networks))}; give a folder that has some`,
    );
  const rows: Row[] = [];
  for (const entry of entries) rows.push(...(await rowsOf(entry)));
  rows.sort((a, b) => b.share - a.share);
  const table = rows.map(({ file, quantity, share, where: place, expected, got }) => [
    share <= 1 ? 'ok' : 'FAILED',
    Number.isFinite(share) ? `${(100 * share).toPrecision(2)} %` : '∞',
    file,
    quantity,
    place,
    expected,
    got,
  ]);
  print(markdownTable([['', 'of the tolerance', 'file', 'quantity', 'worst at', 'golden', 'ours'], ...table]));
  const failed = rows.filter(({ share }) => share > 1).length;
  print(`\n${rows.length - failed} passed, ${failed} failed`);
  return failed === 0;
}

async function rowsOf({ file, check }: GoldenEntry): Promise<Row[]> {
  try {
    const checks = await check();
    if (checks.length === 0) throw new UserError('it contains nothing to check');
    return checks.map((row) => ({ file, ...row }));
  } catch (thrown) {
    return [{ file, quantity: 'not checked', share: Infinity, where: reasonOf(thrown), expected: '', got: '' }];
  }
}
