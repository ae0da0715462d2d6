import { basename, extname } from 'node:path';

/** File endings of pictures in folders and globs. */
export const PICTURE_ENDINGS = ['.png', '.jpg', '.jpeg', '.webp', '.avif', '.tif', '.tiff', '.gif'];

/** A picture to restore. */
export interface FoundPicture {
  /** Path as it can be opened. */
  readonly path: string;
  /** Path below the named folder or the glob's fixed part; also its path below the output folder. */
  readonly below: string;
  /** True if the file itself was named. */
  readonly named: boolean;
}

/** True if a file looks like a picture; hidden files, such as a Mac's "._rainy.jpg", do not. */
export function looksLikePicture(path: string): boolean {
  return !basename(path).startsWith('.') && PICTURE_ENDINGS.includes(extname(path).toLowerCase());
}
