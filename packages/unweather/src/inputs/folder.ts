import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileReason, UserError } from '@unweather/core-tensor';
import { type FoundPicture, isIgnored } from './found.js';

/** Options for reading a folder. */
export interface FolderOptions {
  /** Reads the folders in it, too. */
  readonly recursive: boolean;
  /** Folder to leave out: the output folder. */
  readonly without?: string | undefined;
}

/**
 * Finds the files of a folder, sorted by name; follows links, and reads each folder once. Hidden files, and those that
 * systems leave behind, are left out. A folder inside that cannot be read is among the files.
 * @throws UserError naming the folder, if it cannot be read itself
 */
export async function filesIn(folder: string, { recursive, without }: FolderOptions): Promise<FoundPicture[]> {
  const seen = new Set<string>();
  const found: FoundPicture[] = [];
  const left = without === undefined ? undefined : await realpath(without).catch(() => undefined);
  const read = async (below: string, first: boolean) => {
    const path = join(folder, below);
    try {
      const real = await realpath(path);
      if (seen.has(real) || (!first && real === left)) return;
      seen.add(real);
      const entries = await readdir(path, { withFileTypes: true });
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (isIgnored(entry.name)) continue;
        const inside = join(below, entry.name);
        const kind = entry.isSymbolicLink() ? await stat(join(folder, inside)).catch(() => undefined) : entry;
        if (kind?.isDirectory()) {
          if (recursive) await read(inside, false);
        } else found.push({ path: join(folder, inside), below: inside, named: false });
      }
    } catch (thrown) {
      // A folder among others, such as lost+found, does not stop the rest: it is named as a file that is no picture.
      if (!first) return void found.push({ path, below, named: false });
      throw new UserError(
        `${path}: the folder cannot be read (${fileReason(thrown)}); fix its permissions, or choose another folder`,
      );
    }
  };
  await read('', true);
  return found;
}
