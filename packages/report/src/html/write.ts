import { writeWhole } from '@unweather/core-tensor';
import { readSources, type SourceOptions } from '../sources.js';
import { reportPage } from './page.js';

/**
 * Writes the page of a folder of results.
 * @throws UserError naming what cannot be read, and the file that cannot be written
 */
export async function writeReport(path: string, options: SourceOptions): Promise<void> {
  await writeWhole(path, await reportPage(options.results, await readSources(options)));
}
