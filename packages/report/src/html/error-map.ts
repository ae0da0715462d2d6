import type { Picture } from '@unweather/core-tensor';

/** Least error with the brightest colour, in levels of 255. The same on every map, so that maps can be compared. */
export const ERROR_SCALE = 64;

/** matplotlib's inferno at 17 places (CC0), from no error to the largest; linearly interpolated in between. */
const INFERNO: readonly (readonly [number, number, number])[] = [
  [0, 0, 4],
  [11, 7, 36],
  [33, 12, 74],
  [61, 9, 101],
  [87, 16, 110],
  [113, 25, 110],
  [138, 34, 106],
  [163, 44, 97],
  [188, 55, 84],
  [208, 69, 69],
  [227, 89, 51],
  [241, 113, 31],
  [249, 140, 10],
  [252, 170, 15],
  [249, 201, 50],
  [242, 232, 101],
  [252, 255, 164],
];

/** A colour of the map, channels from 0 to 255. @param share clamped to [0, 1] */
export function inferno(share: number): [number, number, number] {
  const place = Math.min(Math.max(share, 0), 1) * (INFERNO.length - 1);
  const [below, above] = [INFERNO[Math.floor(place)]!, INFERNO[Math.ceil(place)]!];
  const mix = (c: 0 | 1 | 2) => Math.round(below[c] + (place % 1) * (above[c] - below[c]));
  return [mix(0), mix(1), mix(2)];
}

/**
 * Map of |a − b| of two pictures of one size, averaged over channels, in colours up to {@link ERROR_SCALE}; and its
 * mean in levels.
 */
export function errorMap(a: Picture, b: Picture): { picture: Picture; mean: number } {
  const data = new Uint8Array(a.data.length);
  let sum = 0;
  for (let i = 0; i < data.length; i += 3) {
    const channel = (c: number) => Math.abs(a.data[i + c]! - b.data[i + c]!);
    const error = (channel(0) + channel(1) + channel(2)) / 3;
    sum += error;
    data.set(inferno(error / ERROR_SCALE), i);
  }
  return { picture: { width: a.width, height: a.height, data }, mean: (3 * sum) / data.length };
}

/** The colours as a CSS gradient. */
export function infernoGradient(): string {
  return `linear-gradient(to right, ${INFERNO.map((colour) => `rgb(${colour.join(' ')})`).join(', ')})`;
}
