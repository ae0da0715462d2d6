import { type AnyPicture, type FloatPicture, resizedBilinear } from '@unweather/core-tensor';

/**
 * Resizes both pictures of a training pair with a side below the crop to the crop, without regard to their shape. The
 * official loader then returns them **exchanged**, with the degraded one as the truth (its slip, `exchanged`).
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
