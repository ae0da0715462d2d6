import { decimals, signed } from '@unweather/eval';
import { markdownTable } from 'markdown-table';
import type { Score } from './measures.js';
import { type Beside, placeOf, sourceOf } from './published.js';
import type { FolderDifference, RulerSummary } from './summary.js';

/** The tables of all rulers for a terminal, then the published numbers. */
export function tablesText(
  summaries: readonly RulerSummary[],
  scores: readonly Score[],
  published: readonly Beside[],
): string {
  const parts = summaries.flatMap((summary) => [
    ...(summary.protocol === null ? [] : [`${summary.protocol.name}: ${summary.protocol.description}`]),
    pictureTable(summary, scores),
    ...(summary.differences.length === 0 ? [] : [differenceTable(summary.differences, scores)]),
  ]);
  return [...parts, ...(published.length === 0 ? [] : [publishedTable(published)])].join('\n\n');
}

/** A row per picture, then the means and their intervals; a column per score and folder. */
function pictureTable({ folders, rows }: RulerSummary, scores: readonly Score[]): string {
  const columns = scores.flatMap((score) => folders.map((folder, at) => ({ score, folder, at })));
  const head = columns.map(({ score, folder }) => headingOf(score, folders.length > 1 ? folder.label : ''));
  const pictures = rows.map(({ name, sets }) => [
    name,
    ...columns.map(({ score, at }) => numberText(sets[at]?.[score.name], score)),
  ]);
  const mean = columns.map(({ score, folder }) => numberText(folder.means[score.name]?.mean, score));
  const interval = columns.map(({ score, folder }) => {
    const of = folder.means[score.name];
    return of === undefined ? '' : `${numberText(of.low, score)} to ${numberText(of.high, score)}`;
  });
  const count = columns.map(({ folder }) => `${folder.pictures}`);
  const ends = [
    ['mean', ...mean],
    ['95 % interval', ...interval],
    ['pictures', ...count],
  ];
  return table([['', ...head], ...pictures, ...ends]);
}

function differenceTable(differences: readonly FolderDifference[], scores: readonly Score[]): string {
  const lines = differences.map((difference) => {
    const score = scores.find(({ name }) => name === difference.score)!;
    const { label, less, mean, low, high, above, below, equal, p, pictures } = difference;
    const [better, worse] = score.better === 'higher' ? [above, below] : [below, above];
    return [
      `${label} − ${less}`,
      headingOf(score, ''),
      signedText(mean, score),
      `${signedText(low, score)} to ${signedText(high, score)}`,
      `${better} better, ${worse} worse, ${equal} equal`,
      pText(p),
      `${pictures}`,
    ];
  });
  const head = ['paired difference', 'score', 'mean', '95 % interval', 'scenes', 'sign test p', 'pictures'];
  return table([head, ...lines], ['l', 'l', 'r', 'r', 'l', 'r', 'r']);
}

function publishedTable(published: readonly Beside[]): string {
  const lines = published.map((of) => [
    placeOf(of),
    of.result.psnr.toFixed(2),
    of.result.ssim.toFixed(4),
    of.result.protocol ?? 'not stated',
    differencesText(of),
    sourceOf(of.result),
  ]);
  const head = ['published', 'PSNR', 'SSIM', 'protocol', 'measured here less published', 'where'];
  const note = 'Compare with published numbers only if these are all pictures of that split, and no others.';
  return `${table([head, ...lines], ['l', 'r', 'r', 'l', 'l', 'l'])}\n\n${note}`;
}

/** "a −1.30 dB, −0.0123; b …", or the reason for no difference. */
export function differencesText({ differences, reason }: Beside): string {
  if (differences.length === 0) return `not compared: ${reason || 'psnr and ssim were not both measured'}`;
  return differences.map(({ label, psnr, ssim }) => `${label} ${signed(psnr, 2)} dB, ${signed(ssim, 4)}`).join('; ');
}

/** "psnr ↑", with a folder's name where there are several. */
export function headingOf({ name, better }: Score, label: string): string {
  return `${name} ${better === 'higher' ? '↑' : '↓'}${label && ` ${label}`}`;
}

/** A score with its decimals; empty where there is none. */
export function numberText(value: number | undefined, score: Score): string {
  return value === undefined ? '' : decimals(value, score.decimals);
}

/** A difference with its sign and one decimal more than the score, since differences are small. */
export function signedText(value: number, score: Score): string {
  return signed(value, score.decimals + 1);
}

/** p with two significant digits. */
export function pText(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toPrecision(2);
}

function table(rows: string[][], align: string[] = ['l', ...Array<string>(rows[0]!.length - 1).fill('r')]): string {
  return markdownTable(rows, { align });
}
