import type { Picture, Random } from '@unweather/core-tensor';
import { type Depth, drawGround, drawPlanes, drawRoom } from './depth.js';
import type { Frame } from './frame.js';
import type { HazeLevel } from './haze.js';
import { type Airlight, throughHaze } from './koschmieder.js';

/** Kind of scene: ranges from which one picture's haze is drawn. */
interface Place {
  readonly airlight: readonly [number, number];
  /** Largest difference between a channel of the airlight and its grey. */
  readonly tint: number;
  /** Scattering per unit of depth; the farthest place is at depth 1. */
  readonly scattering: Readonly<Record<HazeLevel, readonly [number, number]>>;
  /** Depth generators, equally likely. */
  readonly depths: readonly ((random: Random) => Depth)[];
}

/**
 * Ranges around RESIDE's indoor pictures. An airlight of 1.0 to 1.05 fits SOTS best. The median transmission of 51 of
 * its pictures is 0.72 (0.40 to 0.89); within one picture, the 5th and 95th percentiles are 0.40 and 0.88.
 */
const INDOORS: Place = {
  airlight: [0.93, 1.06],
  tint: 0.02,
  scattering: { light: [0.3, 0.8], medium: [0.7, 1.3], heavy: [1.1, 1.8] },
  depths: [drawPlanes, drawRoom],
};

const OUTDOORS: Place = {
  airlight: [0.72, 1],
  tint: 0.03,
  scattering: { light: [0.5, 1.2], medium: [1, 2], heavy: [1.6, 3] },
  depths: [drawPlanes, drawGround],
};

/** Exponent of the depth, drawn per picture: above 1, most of a scene is near, as in furnished rooms. */
const NEARNESS = [1, 2.5] as const;
/** Share of pictures with uniform haze: one transmission for all places. */
const EVEN = 0.25;

/**
 * Adds indoor haze by Koschmieder's law (see `throughHaze`), with a depth independent of the photograph: slanted
 * planes, a room with boxes in it, or one transmission. Airlight is about white or above it, and clips.
 */
export function addIndoorHaze(clean: Picture, level: HazeLevel, random: Random, frame: Frame): Picture {
  return hazy(clean, INDOORS, level, random, frame);
}

/** Adds outdoor haze likewise: depth of slanted planes or of a ground with objects and sky; a light grey airlight. */
export function addOutdoorHaze(clean: Picture, level: HazeLevel, random: Random, frame: Frame): Picture {
  return hazy(clean, OUTDOORS, level, random, frame);
}

function hazy(clean: Picture, place: Place, level: HazeLevel, random: Random, frame: Frame): Picture {
  const beta = random.between(...place.scattering[level]);
  const grey = random.between(...place.airlight);
  const channel = () => 255 * (grey + random.between(-place.tint, place.tint));
  const airlight: Airlight = [channel(), channel(), channel()];
  if (random.uniform() < EVEN) {
    const through = Math.exp(-beta * random.between(0.3, 1));
    return throughHaze(clean, airlight, () => through);
  }
  const depth = place.depths[random.integer(place.depths.length)]!(random);
  const power = random.between(...NEARNESS);
  return throughHaze(clean, airlight, (x, y) =>
    Math.exp(-beta * depth((frame.left + x) / frame.width, (frame.top + y) / frame.height) ** power),
  );
}
