import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorCode } from '@unweather/core-tensor';
import { type PublishedResult, readPublished } from '@unweather/eval';

/** A published number and its paper. */
export interface PublishedNumber {
  /** The paper's name, as evaluations give it. */
  readonly paper: string;
  readonly result: PublishedResult;
}

/**
 * Reads the numbers of several published.json files. A paper is named after the folder of its file.
 * @throws UserError naming the file that is missing or wrong
 */
export function readPublishedNumbers(files: readonly string[]): PublishedNumber[] {
  return files.flatMap((file) => {
    const path = resolve(file);
    return readPublished(pathToFileURL(path)).map((result) => ({ paper: basename(dirname(path)), result }));
  });
}

/** Finds every packages/NAME/published.json of a repository, sorted by name; none outside a repository. */
export async function publishedFiles(root: string): Promise<string[]> {
  const packages = join(root, 'packages');
  const names = await entriesOf(packages);
  const files = await Promise.all(
    names.sort().map(async (name) => {
      const folder = join(packages, name);
      return (await entriesOf(folder)).includes('published.json') ? [join(folder, 'published.json')] : [];
    }),
  );
  return files.flat();
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT' || errorCode(thrown) === 'ENOTDIR') return [];
    throw thrown;
  }
}
