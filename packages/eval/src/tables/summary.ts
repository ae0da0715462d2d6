import { markdownTable } from 'markdown-table';
import { decimals, type ResultRecord } from './record.js';

/**
 * The means of some records as an aligned Markdown table, for consoles and files alike: a row per condition where there
 * is more than one, and a last row over all pictures. PSNR in dB, two decimals; SSIM four. A mean over an identical
 * picture is infinite ("inf"): nothing is left out.
 */
export function summaryTable(records: readonly ResultRecord[]): string {
  const conditions = [...new Set(records.map(({ condition }) => condition))];
  const rows = conditions.length > 1 ? conditions.map((name) => [name, having(records, name)] as const) : [];
  return markdownTable(
    [
      ['', 'pictures', 'PSNR in', 'PSNR out', 'gain', 'SSIM in', 'SSIM out', 'ssim.js in', 'ssim.js out'],
      ...[...rows, ['all', records] as const].map(([name, members]) => row(name, members)),
    ],
    { align: ['l', ...Array<string>(8).fill('r')] },
  );
}

/** Mean of one quantity over records. */
export function meanOf(records: readonly ResultRecord[], of: (record: ResultRecord) => number): number {
  return records.reduce((sum, record) => sum + of(record), 0) / records.length;
}

function having(records: readonly ResultRecord[], condition: string): readonly ResultRecord[] {
  return records.filter((record) => record.condition === condition);
}

function row(name: string, records: readonly ResultRecord[]): string[] {
  const mean = (of: (record: ResultRecord) => number, count: number) => decimals(meanOf(records, of), count);
  return [
    name,
    String(records.length),
    mean((r) => r.inputPsnr, 2),
    mean((r) => r.psnr, 2),
    mean((r) => r.psnr - r.inputPsnr, 2),
    mean((r) => r.inputSsim, 4),
    mean((r) => r.ssim, 4),
    mean((r) => r.inputSsimJs, 4),
    mean((r) => r.ssimJs, 4),
  ];
}
