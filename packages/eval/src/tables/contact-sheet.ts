import { type Picture, printable, writeWhole } from '@unweather/core-tensor';
import sharp, { type OverlayOptions } from 'sharp';

/** One line of a contact sheet: pictures of one size with a few words under each. */
export interface SheetRow {
  readonly pictures: readonly Picture[];
  readonly captions: readonly string[];
}

const MARGIN = 12;
const LINE = 22;
const INK = '#222';

/**
 * Writes a contact sheet as one PNG: columns headed by their names, a row per scene, captions under the pictures.
 * The words are drawn with the machine's fonts; on a machine without any, the sheet has pictures only.
 * @throws UserError naming the file when it cannot be written
 */
export async function writeContactSheet(
  path: string,
  columns: readonly string[],
  rows: readonly SheetRow[],
): Promise<void> {
  const cell = Math.max(...rows.flatMap(({ pictures }) => pictures.map(({ width }) => width)));
  const width = MARGIN + columns.length * (cell + MARGIN);
  const left = (column: number) => MARGIN + column * (cell + MARGIN);
  const texts = columns.map((name, column) => text(left(column), MARGIN + 14, 16, 'bold', name));
  const layers: OverlayOptions[] = [];
  let top = MARGIN + LINE;
  for (const { pictures, captions } of rows) {
    const height = Math.max(...pictures.map((picture) => picture.height));
    for (const [column, picture] of pictures.entries()) {
      const raw = { width: picture.width, height: picture.height, channels: 3 as const };
      layers.push({ input: Buffer.from(picture.data), raw, left: left(column), top });
      texts.push(text(left(column), top + height + 15, 13, 'normal', captions[column] ?? ''));
    }
    top += height + LINE + 4;
  }
  const height = top + MARGIN - 4;
  const words = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${texts.join('')}</svg>`;
  const sheet = sharp({ create: { width, height, channels: 3, background: '#fff' } });
  const png = await sheet
    .composite([...layers, { input: Buffer.from(words), left: 0, top: 0 }])
    .png({ compressionLevel: 9 })
    .toBuffer();
  await writeWhole(path, png);
}

function text(x: number, y: number, size: number, weight: string, words: string): string {
  // An SVG holds no control characters.
  const escaped = printable(words).replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-size="${size}" font-weight="${weight}" fill="${INK}">${escaped}</text>`;
}
