import { writeWhole } from '@unweather/core-tensor';
import { readSources, type SourceOptions } from '../sources.js';
import { reportPage } from './page.js';

/**
 * Writes the page of a folder of results.
 * @throws UserError naming the file or folder that cannot be read, or the file that cannot be written
 */
export async function writeReport(path: string, options: SourceOptions): Promise<void> {
  await writeWhole(path, await reportPage(options.results, await readSources(options)));
}
