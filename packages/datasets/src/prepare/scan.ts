import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { errorCode, fileReason, isClutter, UserError } from '@unweather/core-tensor';
import { type Fields, patternOf, type Template } from './template.js';

/** A file that fits a template. */
export interface Found {
  /** Path relative to the scanned folder, with "/". */
  readonly path: string;
  /** The path with its ending spelt as in the template: "5.png" of the file "5.PNG". */
  readonly spelt: string;
  readonly fields: Fields;
}

/** Files in the folders of a template. */
export interface Scan {
  readonly found: readonly Found[];
  /** Pictures in the same folders whose names do not fit. */
  readonly others: readonly string[];
}

/** Names of files that are pictures, or hold some. */
export const PICTURES = /\.(png|jpe?g|jpe|jfif|tiff?|bmp|webp|gif|avif|hei[cf]|h5)$/i;
const MISSING = ['ENOENT', 'ENOTDIR'];

/**
 * Finds the files of a template below a folder; endings may differ in case. Opens only folders that the template names,
 * so that neither loops of links nor other data beside the dataset matter. Files that systems leave behind are ignored.
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
      const spelt = `${path}${speltAs(name, template)}`;
      const match = whole.exec(spelt);
      if (match !== null) found.push({ path: `${path}${name}`, spelt, fields: { ...match.groups } });
      else if (PICTURES.test(name)) others.push(`${path}${name}`);
    }
  // Of files whose names differ only in the case of their endings, the one that is spelt as the template is meant.
  const exact = new Set(found.filter(({ path, spelt }) => path === spelt).map(({ path }) => path));
  const meant = found.filter(({ path, spelt }) => path === spelt || !exact.has(spelt));
  return {
    found: meant,
    others: [...others, ...found.filter((file) => !meant.includes(file)).map(({ path }) => path)],
  };
}

/** A file name with the template's ending, if the two differ in case alone. */
function speltAs(name: string, template: Template): string {
  const [own, wanted] = [extname(name), extname(template.file)];
  return own.toLowerCase() === wanted.toLowerCase() ? `${name.slice(0, name.length - own.length)}${wanted}` : name;
}

/** Lists the names in a folder, without what systems leave there; none if it does not exist. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !isClutter(name));
  } catch (thrown) {
    if (MISSING.includes(errorCode(thrown) ?? '')) return [];
    throw new UserError(`${folder}: cannot be read (${fileReason(thrown)}); check the download`);
  }
}
