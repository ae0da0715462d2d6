import type { Tensor } from '@unweather/core-tensor';

/** Features of a picture at the full size, a half, a quarter and an eighth: f, 2f, 2f and 4f channels. */
export type Features = readonly [Tensor, Tensor, Tensor, Tensor];

/** Channels of the four levels; f is the network's base width, 32 in the paper. */
export function channelsOf(f: number): readonly [number, number, number, number] {
  return [f, 2 * f, 2 * f, 4 * f];
}
