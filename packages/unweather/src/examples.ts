/** An example in a command's help. Every one is run by a test. */
export interface Example {
  readonly line: string;
  readonly says: string;
}

/** Examples by command name. */
export const EXAMPLES: Readonly<Record<'restore' | 'models' | 'compare' | 'score', readonly Example[]>> = {
  restore: [
    { line: 'unweather restore rainy.jpg -o clean.png --model durn:rain', says: 'one photograph' },
    { line: 'unweather restore holiday -o clean --model haze --recursive', says: 'a folder and its subfolders' },
    {
      line: 'unweather restore "photos/**/*.jpg" -o clean -m rain --format webp',
      says: 'the files that match a pattern, as WebP',
    },
    { line: 'unweather restore holiday -o clean -m rain --skip-existing', says: 'the pictures still left to do' },
    {
      line: 'unweather restore - -o - -m rain --format jpg < rainy.jpg > clean.jpg',
      says: 'between other programs, by standard input and output',
    },
    { line: 'unweather restore scan.tif -o scan.png -m durn:noise --depth 16', says: '16 bits a channel' },
  ],
  models: [
    { line: 'unweather models', says: 'the available networks, their weights, quality, time and licences' },
    { line: 'unweather models --json', says: 'the same as JSON, for programs' },
  ],
  compare: [
    { line: 'unweather compare rainy.jpg clean.png -o page.html', says: 'a page with a slider' },
    { line: 'unweather compare rainy.jpg clean.png truth.png -o sheet.png', says: 'side by side, with PSNR and SSIM' },
  ],
  score: [
    { line: 'unweather score results truths', says: 'a folder of results against the truths of the same names' },
    {
      line: 'unweather score results others --truth truths --protocol matlab,basicsr -o scores',
      says: 'two methods, their paired differences; also as CSV, JSON and a page',
    },
    { line: 'unweather score results --metrics niqe', says: 'without truths' },
  ],
};

/** Examples of a command, as the end of its help. */
export function examplesText(examples: readonly Example[]): string {
  return `\nExamples:\n${examples.map(({ line, says }) => `  ${line}\n      ${says}`).join('\n')}`;
}
