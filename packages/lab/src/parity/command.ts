import { fileURLToPath } from 'node:url';
import { UserError } from '@unweather/core-tensor';
import { markdownTable } from 'markdown-table';
import type { Study } from '../study.js';
import { checkGoldens } from './check.js';
import type { GoldenCheck } from './compare.js';
import { readGoldens } from './golden-file.js';

/**
 * Checks every golden file of a folder that is of one of the paper's networks and prints a table, worst deviation first,
 * then "N passed, N failed" alone on the last line.
 * @returns whether nothing failed
 * @throws UserError when the folder holds no golden file of the paper
 */
export async function parity(
  paper: Study,
  folder: string | undefined,
  print: (text: string) => void,
): Promise<boolean> {
  const where = folder ?? fileURLToPath(paper.goldens);
  const { ofNetworks, others } = await readGoldens(where, Object.keys(paper.networks), paper.checks ?? {});
  if (ofNetworks.length + others.length === 0)
    throw new UserError(
      `${where}: no golden file of ${Object.keys(paper.networks).join(', ')}; give a folder that has some`,
    );
  const rows: (GoldenCheck & { file: string })[] = [];
  for (const { file, check, golden } of others) for (const row of await check(golden)) rows.push({ file, ...row });
  for (const { file, golden } of ofNetworks)
    for (const check of await checkGoldens(paper.networks[golden.network]!, golden)) rows.push({ file, ...check });
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
