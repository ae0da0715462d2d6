import type { Picture, Random } from '@unweather/core-tensor';
import type { Frame } from './degradations.js';
import { drawAirlight, throughHaze } from './koschmieder.js';

export const HAZE_LEVELS = ['light', 'medium', 'heavy'] as const;
export type HazeLevel = (typeof HAZE_LEVELS)[number];

/** Scattering coefficient β per unit of depth, the farthest depth being about 1; RESIDE's lie between 0.6 and 1.8. */
const SCATTERING: Readonly<Record<HazeLevel, readonly [number, number]>> = {
  light: [0.6, 0.9],
  medium: [1, 1.3],
  heavy: [1.5, 1.8],
};

/** Waves of the depth map across a picture: few, since depth varies slowly. */
const WAVES = 4;

/**
 * Haze by Koschmieder's law, as RESIDE's: I = J·t + A·(1 − t), t = exp(−β·d), on sRGB values. A is the airlight, a
 * light grey (0.7 to 1, as RESIDE's) with a faint tint; β one number a picture. Photographs bring no depth, so d is made up: a ground that
 * recedes towards the top of the picture (0.35 below, 1 above), with slow waves of a few cosines for things that stand in it.
 * The depth belongs to the whole photograph: a cut-out gets its part of it.
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
