import type { MeasuredRow } from './card.js';

/** Columns of the table of scores, in the order in which cards have them. */
export const COLUMNS = ['on', 'pictures', 'PSNR in', 'PSNR out', 'SSIM out', 'protocol', 'date'] as const;

/**
 * Reads the scores in a card's section "Measured", as they are printed there; none if the card has no such table.
 * @param text the card, in Markdown
 */
export function measuredIn(text: string): MeasuredRow[] {
  const section = /^## +Measured *$([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text)?.[1] ?? '';
  const lines = section.split('\n').map(cellsOf);
  const head = lines.findIndex((cells) => cells.join() === COLUMNS.join());
  if (head < 0) return [];
  const rows: MeasuredRow[] = [];
  for (const cells of lines.slice(head + 2)) {
    if (cells.length !== COLUMNS.length) break;
    const [on, pictures, psnrIn, psnr, ssim, protocol, date] = cells as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const numbers = { pictures: Number(pictures), psnrIn: Number(psnrIn), psnr: Number(psnr), ssim: Number(ssim) };
    rows.push({ on, ...numbers, protocol: protocol.replaceAll('`', ''), date });
  }
  return rows;
}

/** Cells of a line of a table; none if it is no such line. */
function cellsOf(line: string): string[] {
  const inside = /^\|(.*)\|\s*$/.exec(line)?.[1];
  return inside === undefined ? [] : inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}
