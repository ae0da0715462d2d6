import type { Picture, Random } from '@unweather/core-tensor';
import type { Frame } from './degradations.js';
import { type Depth, drawGround, drawPlanes, drawRoom } from './depth.js';
import type { HazeLevel } from './haze.js';
import { type Airlight, throughHaze } from './koschmieder.js';

/** Ranges from which one picture's haze is drawn. */
interface Place {
  readonly airlight: readonly [number, number];
  /** Largest distance of a channel of the airlight from its grey. */
  readonly tint: number;
  /** Scattering per unit of depth, the farthest place being at 1. */
  readonly scattering: Readonly<Record<HazeLevel, readonly [number, number]>>;
  /** Kinds of depth, each as likely. */
  readonly depths: readonly ((random: Random) => Depth)[];
}

/**
 * Ranges around RESIDE's indoor pictures: airlight 1.0 to 1.05 fits SOTS best; the transmission of 51 of its pictures is
 * 0.72 in the median (0.40 to 0.89), and within one of them 5 and 95 % of the places lie at 0.40 and 0.88.
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

/** Power of the depth, drawn anew for every picture: above 1, most of a scene is near, as in rooms with things in them. */
const NEARNESS = [1, 2.5] as const;
/** Share of pictures through which all places are seen alike: one transmission. */
const EVEN = 0.25;

/**
 * Haze in rooms by Koschmieder's law (see `throughHaze`), by a depth that nothing in the photograph tells: slanted planes, a
 * room with boxes in it, or one transmission. Airlight is white or more than that, and clips.
 */
export function addIndoorHaze(clean: Picture, level: HazeLevel, random: Random, frame: Frame): Picture {
  return hazy(clean, INDOORS, level, random, frame);
}

/** The same outdoors: slanted planes, or a ground with things on it under a sky; a light grey airlight. */
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
