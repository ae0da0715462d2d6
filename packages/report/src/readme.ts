import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { readWhole, UserError, writeWhole } from '@unweather/core-tensor';
import { type Evaluation, nameOf, readEvaluations, toJson } from '@unweather/eval';
import { markdownOf } from './markdown.js';
import { publishedFiles, readPublishedNumbers } from './published.js';
import { tablesOf } from './tables/sections.js';

const BEGIN = '<!-- results:begin -->';
const END = '<!-- results:end -->';

/** Folder of a repository's kept numbers; the README lies at the top of the repository. */
export function summariesOf(readme: string): string {
  return join(dirname(readme), 'benchmarks', 'results');
}

/**
 * Copies the means of a folder of results to the folder where the repository keeps them: no records, no pictures, no
 * paths of this machine.
 * @returns the files written
 * @throws UserError naming the folder that is empty, or the file that cannot be read or written
 */
export async function keepSummaries(results: string, readme: string): Promise<string[]> {
  const evaluations = await readEvaluations(results);
  if (evaluations.length === 0)
    throw new UserError(`${results}: contains no evaluation; run one first, or give its folder`);
  const folder = summariesOf(readme);
  const written: string[] = [];
  for (const evaluation of evaluations) {
    const kept = withoutPaths(evaluation, dirname(readme));
    const path = join(folder, `${nameOf(kept)}.json`);
    await writeWhole(path, toJson({ ...kept, records: [], exemplars: [] }, 2), '\n');
    written.push(path);
  }
  return written;
}

/** Makes absolute paths relative to the repository; those outside it keep their last part. */
function withoutPaths(evaluation: Evaluation, root: string): Evaluation {
  const local = (path: string) => {
    if (!isAbsolute(path)) return path;
    const inside = relative(root, path);
    return inside.startsWith('..') || isAbsolute(inside) ? basename(path) : inside;
  };
  const { dataset, weights } = evaluation;
  return { ...evaluation, dataset: local(dataset), weights: { ...weights, file: local(weights.file) } };
}

/**
 * The README before and after its results are rewritten from the numbers that the repository keeps.
 * @throws UserError when its markers are missing or doubled, the folder of kept files is missing, or one file is wrong
 */
export async function renewedReadme(readme: string): Promise<{ before: string; after: string }> {
  const before = (await readWhole(readme, 'check the path')).toString('utf8');
  const [begin, end] = [placeOf(before, BEGIN, readme), placeOf(before, END, readme)];
  if (end < begin) throw new UserError(`${readme}: "${END}" stands before "${BEGIN}"; put them in order`);
  const section = await resultsSection(readme);
  return { before, after: `${before.slice(0, begin + BEGIN.length)}\n\n${section}\n\n${before.slice(end)}` };
}

/** Rewrites the README's results. @returns true if anything changed @throws UserError as {@link renewedReadme} */
export async function renewReadme(readme: string): Promise<boolean> {
  const { before, after } = await renewedReadme(readme);
  if (after !== before) await writeWhole(readme, after);
  return after !== before;
}

function placeOf(text: string, marker: string, readme: string): number {
  const count = text.split(marker).length - 1;
  if (count !== 1)
    throw new UserError(`${readme}: has "${marker}" ${count} times, expected once; put one line "${marker}" there`);
  return text.indexOf(marker);
}

async function resultsSection(readme: string): Promise<string> {
  const evaluations = await readEvaluations(summariesOf(readme));
  const published = readPublishedNumbers(await publishedFiles(dirname(readme)));
  const lead =
    evaluations.length === 0
      ? 'Nothing has been measured yet. Results that others published, from each package’s `published.json`:'
      : 'Means over every picture of a split, `measured (published)`; 95 % intervals of PSNR; never two protocols in a table.';
  return `${lead}\n\n${markdownOf(tablesOf({ evaluations, published }), 3)}`;
}
