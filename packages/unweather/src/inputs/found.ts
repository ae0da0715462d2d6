import { type FoundHeader, type FoundPictures, isClutter } from '@unweather/core-tensor';

/** A picture to restore. */
export interface FoundPicture {
  /** Path as it can be opened. */
  readonly path: string;
  /** Path below the named folder or the glob's fixed part; also its path below the output folder. */
  readonly below: string;
  /** True if the file itself was named. */
  readonly named: boolean;
  /** Facts of its header; absent for a file that is not a readable picture, or can be read only once. */
  readonly header?: FoundHeader;
}

/** Files of the inputs: those to restore, and those of folders and patterns that are no pictures. */
export type Examined = FoundPictures<FoundPicture>;

/** True for files and folders that are never read: hidden ones, and those that systems leave behind. */
export function isIgnored(name: string): boolean {
  return name.startsWith('.') || isClutter(name);
}
