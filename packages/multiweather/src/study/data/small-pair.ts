import { type AnyPicture, type FloatPicture, resizedBilinear } from '@unweather/core-tensor';

/**
 * What becomes of a training pair of which a side is below the crop: both pictures are resized to it, whatever their
 * shape. The official loader then gives them **exchanged**, the degraded one as the truth (its slip, `exchanged`).
 */
export function smallPair(
  { truth, input }: { readonly truth: AnyPicture; readonly input: AnyPicture },
  crop: number,
  { exchanged = false } = {},
): { truth: FloatPicture; input: FloatPicture } {
  const size = { width: crop, height: crop };
  const resized = { truth: resizedBilinear(truth, size), input: resizedBilinear(input, size) };
  return exchanged ? { truth: resized.input, input: resized.truth } : resized;
}
