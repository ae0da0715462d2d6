import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileReason, isClutter, UserError } from '@unweather/core-tensor';
import { natural } from '../prepare/pairing.js';
import { PICTURES } from '../prepare/scan.js';

/**
 * Lists the pictures below a folder, by their endings: paths relative to it, with "/", 2 before 10. Hidden files and what
 * systems leave behind are left out, links are followed, and every folder is read once.
 * @param without folder below it to leave out
 * @throws UserError naming a folder that cannot be read, and the folder if it has no pictures
 */
export async function picturesIn(folder: string, without?: string): Promise<string[]> {
  const seen = new Set(without === undefined ? [] : [await realpath(without).catch(() => without)]);
  const found: string[] = [];
  const read = async (below: string) => {
    const path = join(folder, below);
    try {
      const real = await realpath(path);
      if (seen.has(real)) return;
      seen.add(real);
      for (const entry of await readdir(path, { withFileTypes: true })) {
        if (isClutter(entry.name) || entry.name.startsWith('.')) continue;
        const inside = `${below}${entry.name}`;
        const kind = entry.isSymbolicLink() ? await stat(join(folder, inside)).catch(() => entry) : entry;
        if (kind.isDirectory()) await read(`${inside}/`);
        else if (PICTURES.test(entry.name)) found.push(withoutBackslash(folder, inside));
      }
    } catch (thrown) {
      if (thrown instanceof UserError) throw thrown;
      throw new UserError(`${path}: cannot be read (${fileReason(thrown)}); check the path of the folder`);
    }
  };
  await read('');
  if (found.length > 0) return found.sort(natural.compare);
  throw new UserError(`${folder}: contains no pictures; give a folder of PNG, JPEG, WebP or TIFF files`);
}

/** Path without its ending, if that is one of a picture. */
export function stemOf(path: string): string {
  return PICTURES.test(path) ? path.slice(0, path.length - extname(path).length) : path;
}

/** Meta files of Windows have backslashes between folders, so that elsewhere no name may have one. */
function withoutBackslash(folder: string, path: string): string {
  if (!path.includes('\\')) return path;
  throw new UserError(`${join(folder, path)}: has a backslash in its name, which a meta file cannot hold; rename it`);
}
