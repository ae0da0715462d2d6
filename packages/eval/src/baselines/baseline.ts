import type { AnyPicture } from '@unweather/core-tensor';

/** Restoration method of a few lines, with nothing learnt; networks are compared with it. */
export interface Baseline {
  /** Name in tables and file names. */
  readonly name: string;
  /** Method and its source. */
  readonly description: string;
  /** Tasks it applies to; undefined: every task. */
  readonly tasks?: readonly string[];
  /** @param picture of bytes, or of floats in [0, 1] @returns a picture of the same size */
  restore(picture: AnyPicture): AnyPicture;
}
