import { type Picture, UserError } from '@unweather/core-tensor';

/** A number for a restored picture, by a definition that needs no protocol: it says itself what it takes of a picture. */
export interface Metric {
  readonly name: string;
  /** In words, for tables and pages. */
  readonly description: string;
  readonly better: 'higher' | 'lower';
  /** Decimals that tables show. */
  readonly decimals: number;
  /** Whether it looks at the restored picture alone. */
  readonly noReference: boolean;
  /**
   * @param restored 8-bit RGB
   * @param truth of the same size
   * @throws UserError when the two differ in size, or are too small
   */
  measure(restored: Picture, truth: Picture): number;
}

/** A metric that has looked at the sizes first. @param least pixels that each side must have */
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
