import type { AnyPicture } from '@unweather/core-tensor';

/** What a few lines reach without anything learnt: networks are held against it. */
export interface Baseline {
  /** As tables and file names have it. */
  readonly name: string;
  /** What it does, and where it is from. */
  readonly description: string;
  /** What it removes; undefined where it says something about every task. */
  readonly tasks?: readonly string[];
  /** @param picture of bytes, or of floats in [0, 1] @returns a picture of its size */
  restore(picture: AnyPicture): AnyPicture;
}
