import type { Picture } from '@unweather/core-tensor';
import { metric } from './metric.js';

/**
 * Colour difference CIEDE2000 (Sharma, Wu and Dalal 2005), the mean over pixels; sRGB, D65, 2° observer, as in
 * scikit-image's `rgb2lab` and `deltaE_ciede2000` with kL = kC = kH = 1.
 */
export const ciede2000 = metric({
  name: 'ciede2000',
  description: 'colour difference CIEDE2000, mean over pixels; sRGB, D65',
  better: 'lower',
  decimals: 2,
  noReference: false,
  least: 1,
  measure(restored, truth) {
    let sum = 0;
    for (let i = 0; i < restored.data.length; i += 3) sum += difference(lab(restored, i), lab(truth, i));
    return sum / (restored.width * restored.height);
  },
});

type Lab = readonly [lightness: number, a: number, b: number];

/** Linear light of an sRGB byte, 0 … 1. */
const LIGHT = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92;
});

function lab({ data }: Picture, at: number): Lab {
  const [red, green, blue] = [LIGHT[data[at]!]!, LIGHT[data[at + 1]!]!, LIGHT[data[at + 2]!]!];
  const x = curve((0.412453 * red + 0.35758 * green + 0.180423 * blue) / 0.95047);
  const y = curve(0.212671 * red + 0.71516 * green + 0.072169 * blue);
  const z = curve((0.019334 * red + 0.119193 * green + 0.950227 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function curve(value: number): number {
  return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
}

const DEGREE = Math.PI / 180;
const TURN = 2 * Math.PI;

/** CIEDE2000 difference of two colours; names are the paper's, without its primes. */
export function difference([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const stretch = 1 + 0.5 * (1 - saturation((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [c1, c2] = [Math.hypot(stretch * a1, b1), Math.hypot(stretch * a2, b2)];
  const [h1, h2] = [hue(stretch * a1, b1), hue(stretch * a2, b2)];
  const grey = c1 * c2 === 0;
  const across = Math.abs(h2 - h1) > Math.PI;

  let deltaHue = grey ? 0 : h2 - h1;
  if (!grey && across) deltaHue += h2 > h1 ? -TURN : TURN;
  let meanHue = grey ? h1 + h2 : (h1 + h2) / 2;
  if (!grey && across) meanHue += h1 + h2 < TURN ? Math.PI : -Math.PI;

  const meanChroma = (c1 + c2) / 2;
  const fromMiddle = ((l1 + l2) / 2 - 50) ** 2;
  const t =
    1 -
    0.17 * Math.cos(meanHue - 30 * DEGREE) +
    0.24 * Math.cos(2 * meanHue) +
    0.32 * Math.cos(3 * meanHue + 6 * DEGREE) -
    0.2 * Math.cos(4 * meanHue - 63 * DEGREE);
  const lightness = (l2 - l1) / (1 + (0.015 * fromMiddle) / Math.sqrt(20 + fromMiddle));
  const chroma = (c2 - c1) / (1 + 0.045 * meanChroma);
  const hues = (2 * Math.sqrt(c1 * c2) * Math.sin(deltaHue / 2)) / (1 + 0.015 * meanChroma * t);
  const blueness = 30 * DEGREE * Math.exp(-(((meanHue / DEGREE - 275) / 25) ** 2));
  const rotation = -2 * saturation(meanChroma) * Math.sin(2 * blueness);
  return Math.sqrt(Math.max(0, lightness ** 2 + chroma ** 2 + hues ** 2 + rotation * chroma * hues));
}

/** Saturation: 0 for grey, towards 1 for strong colours. */
function saturation(chroma: number): number {
  const cube = chroma * chroma * chroma;
  const power = cube * cube * chroma;
  return Math.sqrt(power / (power + 25 ** 7));
}

/** Angle in 0 … 2π. */
function hue(a: number, b: number): number {
  const angle = Math.atan2(b, a);
  return angle < 0 ? angle + TURN : angle;
}
