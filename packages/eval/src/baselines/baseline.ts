import type { AnyPicture } from '@unweather/core-tensor';

/** Restoration by a few lines, without anything learnt: networks are held against it. */
export interface Baseline {
  /** As tables and file names have it. */
  readonly name: string;
  /** Method and its source. */
  readonly description: string;
  /** Tasks it is for; undefined where it says something about every task. */
  readonly tasks?: readonly string[];
  /** @param picture of bytes, or of floats in [0, 1] @returns a picture of its size */
  restore(picture: AnyPicture): AnyPicture;
}
