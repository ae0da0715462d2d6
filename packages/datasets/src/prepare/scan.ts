import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, fileReason, UserError } from '@unweather/core-tensor';
import { type Fields, patternOf, type Template } from './template.js';

/** A file that fits a template. */
export interface Found {
  /** Path relative to the scanned folder, with "/". */
  readonly path: string;
  readonly fields: Fields;
}

/** Files in the folders of a template. */
export interface Scan {
  readonly found: readonly Found[];
  /** Pictures in the same folders whose names do not fit. */
  readonly others: readonly string[];
}

const PICTURES = /\.(png|jpe?g|tiff?|bmp|webp|gif|avif|h5)$/i;
const MISSING = ['ENOENT', 'ENOTDIR'];

/**
 * Finds the files of a template below a folder. Opens only folders that the template names, so that neither loops of
 * links nor other data beside the dataset matter.
 * @throws UserError for a folder that exists and cannot be read
 */
export async function scan(folder: string, template: Template): Promise<Scan> {
  const segments = template.file.split('/');
  let folders = [''];
  for (const segment of segments.slice(0, -1)) {
    const pattern = patternOf(template, segment);
    const next = folders.map(async (path) => {
      if (!segment.includes('{')) return [`${path}${segment}/`];
      return (await namesIn(join(folder, path))).filter((name) => pattern.test(name)).map((name) => `${path}${name}/`);
    });
    folders = (await Promise.all(next)).flat();
  }
  const whole = patternOf(template, template.file);
  const found: Found[] = [];
  const others: string[] = [];
  for (const path of folders)
    for (const name of await namesIn(join(folder, path))) {
      const match = whole.exec(`${path}${name}`);
      if (match !== null) found.push({ path: `${path}${name}`, fields: { ...match.groups } });
      else if (PICTURES.test(name)) others.push(`${path}${name}`);
    }
  return { found, others };
}

/** Lists the names in a folder; none if it does not exist. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (MISSING.includes(errorCode(thrown) ?? '')) return [];
    throw new UserError(`${folder}: cannot be read (${fileReason(thrown)}); check the download`);
  }
}
