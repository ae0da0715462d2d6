import { type Picture, UserError } from '@unweather/core-tensor';

/** A score of a restored picture that needs no protocol: the metric itself defines which of its numbers it uses. */
export interface Metric {
  readonly name: string;
  /** Definition in words, for tables and pages. */
  readonly description: string;
  readonly better: 'higher' | 'lower';
  /** Decimals that tables show. */
  readonly decimals: number;
  /** True if it uses the restored picture only. */
  readonly noReference: boolean;
  /**
   * @param restored 8-bit RGB
   * @param truth of the same size
   * @throws UserError when the two differ in size, or are too small
   */
  measure(restored: Picture, truth: Picture): number;
}

/** A metric that validates the sizes first. @param least side of a picture, in pixels, at least */
export function metric({ least, ...parts }: Metric & { readonly least: number }): Metric {
  return {
    ...parts,
    measure(restored, truth) {
      const { width, height } = restored;
      if (!parts.noReference && (width !== truth.width || height !== truth.height))
        throw new UserError(
          `${parts.name}: the restored picture is ${width}×${height}, the truth ${truth.width}×${truth.height}; ` +
            'score pictures of one size',
        );
      if (Math.min(width, height) < least)
        throw new UserError(
          `${parts.name} needs at least ${least}×${least} pixels, the picture has ${width}×${height}; use a larger ` +
            'picture or another metric',
        );
      return parts.measure(restored, truth);
    },
  };
}
