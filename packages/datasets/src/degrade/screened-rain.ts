import type { Picture, Random } from '@unweather/core-tensor';
import { filteredInside, gaussianTaps, lineMargin, lineTaps, normalPlane, type Plane } from './line-blur.js';

export const SCREENED_LEVELS = ['light', 'medium', 'heavy'] as const;
export type ScreenedLevel = (typeof SCREENED_LEVELS)[number];

interface Screened {
  /** Length of the exposure, in pixels. */
  readonly length: readonly [number, number];
  /** Mean of the light added to black. */
  readonly mean: readonly [number, number];
  /** Standard deviation of the light, as a share of the mean. */
  readonly spread: readonly [number, number];
}

/**
 * Ranges around the values of DID-MDN's shown pictures. Light, medium and heavy rain have streaks of 3.5, 8.5 and 9
 * pixels along and 1.5 to 2 across (width at half of the autocorrelation), means of 0.05, 0.13 and 0.26, and deviations
 * of 0.04, 0.06 and 0.10.
 */
const SCREENED: Readonly<Record<ScreenedLevel, Screened>> = {
  light: { length: [1.5, 4], mean: [0.02, 0.08], spread: [0.55, 0.85] },
  medium: { length: [6, 13], mean: [0.09, 0.18], spread: [0.4, 0.55] },
  heavy: { length: [6, 14], mean: [0.19, 0.33], spread: [0.33, 0.5] },
};

const MOST_LEAN = (25 / 180) * Math.PI;
/** Blur of the noise before the exposure, in pixels. */
const GRAIN = [0.35, 0.6] as const;
const GRAIN_MARGIN = 2;
/** Skew of the distribution towards bright values. */
const SKEW = [0.05, 0.12] as const;

/**
 * Adds rain as image editors draw it, like DID-MDN's: noise is slightly blurred, smeared along one direction, adjusted
 * in its levels, and screened over the picture: out = in + a·(1 − in). Every pixel gets light, so the streaks bring a
 * veil.
 * @param random the stream that decides everything
 */
export function addScreenedRain(picture: Picture, level: ScreenedLevel, random: Random): Picture {
  const { width, height, data } = picture;
  const light = screenedLight(width, height, level, random);
  const out = data.map((value, i) => Math.round(value + light.values[Math.floor(i / 3)]! * (255 - value)));
  return { width, height, data: out };
}

/** Draws the light added to black, 0 … 1. */
export function screenedLight(width: number, height: number, level: ScreenedLevel, random: Random): Plane {
  const { length: lengths, mean: means, spread } = SCREENED[level];
  const [length, angle] = [random.between(...lengths), random.between(-MOST_LEAN, MOST_LEAN)];
  const margin = lineMargin(length);
  const [across, down] = [width + 2 * margin, height + 2 * margin];
  const noise = normalPlane(across + 2 * GRAIN_MARGIN, down + 2 * GRAIN_MARGIN, random);
  const grain = filteredInside(noise, gaussianTaps(random.between(...GRAIN)), GRAIN_MARGIN, down);
  const smeared = filteredInside(grain, lineTaps(length, angle), margin, height);
  const mean = random.between(...means);
  const [deviation, skew] = [mean * random.between(...spread), random.between(...SKEW)];
  const values = standardised(smeared.values).map((s) =>
    Math.min(Math.max(mean + deviation * (s + skew * (s * s - 1)), 0), 1),
  );
  return { width, height, values };
}

/** Scales to mean 0 and standard deviation 1. */
function standardised(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance) || 1;
  return values.map((value) => (value - mean) / deviation);
}
