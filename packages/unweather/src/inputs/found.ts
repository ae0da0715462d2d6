import { basename, extname } from 'node:path';

/** Endings of the files that are taken for pictures where a folder or a glob is read. */
export const PICTURE_ENDINGS = ['.png', '.jpg', '.jpeg', '.webp', '.avif', '.tif', '.tiff', '.gif'];

/** A picture that is to be restored. */
export interface FoundPicture {
  /** Path as it can be opened. */
  readonly path: string;
  /** Path below the folder that was named, or the glob's fixed part: where it goes below the output folder. */
  readonly below: string;
  /** Whether it was named itself. */
  readonly named: boolean;
}

/** Whether a file looks like a picture; hidden files, such as a Mac's "._rainy.jpg", do not. */
export function looksLikePicture(path: string): boolean {
  return !basename(path).startsWith('.') && PICTURE_ENDINGS.includes(extname(path).toLowerCase());
}
