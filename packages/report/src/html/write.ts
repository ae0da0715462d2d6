import { writeWhole } from '@unweather/core-tensor';
import { readSources, type SourceOptions } from '../sources.js';
import { reportPage } from './page.js';

/**
 * Writes the page of a folder of results.
 * @returns a sentence for every place of the page that lacks its pictures
 * @throws UserError naming the file or folder that cannot be read, or the file that cannot be written
 */
export async function writeReport(path: string, options: SourceOptions): Promise<string[]> {
  const missing: string[] = [];
  const page = await reportPage(options.results, await readSources(options), (sentence) => void missing.push(sentence));
  await writeWhole(path, page);
  return missing;
}
