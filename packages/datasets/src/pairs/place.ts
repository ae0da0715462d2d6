import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '@unweather/core-tensor';

/** Folder that the paths of a new meta file are relative to. */
export interface Place {
  readonly root: string;
  /** True if the root is not the meta file's own folder, so that commands need `--root`. */
  readonly apart: boolean;
  /** Path of a file of one of the folders, relative to the root, with "/". */
  below(folder: string, file: string): string;
}

/**
 * Finds the root: the meta file's own folder, if the pictures lie below it, else the deepest folder that holds all of
 * them.
 * @throws UserError if the folders are on different drives
 */
export function placeOf(meta: string, folders: readonly string[]): Place {
  const own = resolve(dirname(meta));
  const apart = !folders.every((folder) => isBelow(own, resolve(folder)));
  const root = apart ? folders.map((folder) => resolve(folder)).reduce(common) : own;
  return {
    root,
    apart,
    below: (folder, file) =>
      join(relative(root, resolve(folder)), file)
        .split(sep)
        .join('/'),
  };
}

function isBelow(above: string, folder: string): boolean {
  const path = relative(above, folder);
  return !isAbsolute(path) && path.split(sep)[0] !== '..';
}

function common(a: string, b: string): string {
  let above = a;
  while (!isBelow(above, b)) {
    const next = dirname(above);
    if (next === above) throw new UserError(`${a} and ${b}: are on different drives; copy the pictures to one`);
    above = next;
  }
  return above;
}
