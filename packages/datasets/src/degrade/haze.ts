import type { Picture, Random } from '@unweather/core-tensor';
import type { Frame } from './frame.js';
import { drawAirlight, throughHaze } from './koschmieder.js';

export const HAZE_LEVELS = ['light', 'medium', 'heavy'] as const;
export type HazeLevel = (typeof HAZE_LEVELS)[number];

/** Scattering coefficient β per unit of depth; the farthest depth is about 1. RESIDE's β are 0.6 to 1.8. */
const SCATTERING: Readonly<Record<HazeLevel, readonly [number, number]>> = {
  light: [0.6, 0.9],
  medium: [1, 1.3],
  heavy: [1.5, 1.8],
};

/** Number of waves in the depth map: few, since depth varies slowly. */
const WAVES = 4;

/**
 * Adds haze by Koschmieder's law, like RESIDE's: I = J·t + A·(1 − t), t = exp(−β·d), on sRGB values. A is the airlight,
 * a light grey (0.7 to 1, like RESIDE's) with a faint tint; β is one number per picture. Photographs have no depth, so
 * d is made up: a ground that recedes towards the top of the picture (0.35 at the bottom, 1 at the top), with slow
 * waves of a few cosines for objects on it. The depth covers the whole photograph; a crop gets its part.
 */
export function addHaze(clean: Picture, level: HazeLevel, random: Random, frame: Frame): Picture {
  const beta = random.between(...SCATTERING[level]);
  const airlight = drawAirlight(random, [0.7, 1], 0.03);
  const tilt = random.between(-0.2, 0.2);
  const waves = Array.from({ length: WAVES }, () => ({
    across: random.between(-2, 2) * Math.PI,
    down: random.between(-2, 2) * Math.PI,
    phase: random.between(0, 2 * Math.PI),
    height: random.between(0.02, 0.08),
  }));
  return throughHaze(clean, airlight, (x, y) => {
    const [u, v] = [(frame.left + x) / frame.width, (frame.top + y) / frame.height];
    let depth = 1 - 0.65 * v + tilt * (u - 0.5);
    for (const wave of waves) depth += wave.height * Math.cos(wave.across * u + wave.down * v + wave.phase);
    return Math.exp(-beta * Math.max(depth, 0.05));
  });
}
