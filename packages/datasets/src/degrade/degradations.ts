import type { AnyPicture, Picture, Random } from '@unweather/core-tensor';
import { ADDED_LEVELS, addAddedRain } from './added-rain.js';
import { BLUR_LEVELS, blurMotion } from './blur.js';
import { addCameraNoise, CAMERA_LEVELS } from './camera-noise.js';
import { addDefocusedDrops } from './defocused-drops.js';
import { addIndoorHaze, addOutdoorHaze } from './depth-haze.js';
import { addFlakedSnow } from './flaked-snow.js';
import type { Frame } from './frame.js';
import { addGaussianNoise, addSeededNoise, NOISE_LEVELS } from './gaussian-noise.js';
import { addHaze, HAZE_LEVELS } from './haze.js';
import { addDenseRain, addRain, DENSE_LEVELS, RAIN_LEVELS } from './rain.js';
import { addRaindrops, DROP_LEVELS } from './raindrops.js';
import { addRoomHaze } from './room-haze.js';
import { addScreenedRain, SCREENED_LEVELS } from './screened-rain.js';
import { addSnow, SNOW_LEVELS } from './snow.js';

/** A degradation of pictures; its function's docstring states the physical model. */
export interface Degradation {
  /** Strengths, weakest first. */
  readonly levels: readonly string[];
  /** Degrades a clean picture; the same stream gives the same numbers. */
  apply(clean: Picture, level: string, random: Random, frame: Frame): AnyPicture;
}

function degradation<Level extends string>(
  levels: readonly Level[],
  apply: (clean: Picture, level: Level, random: Random, frame: Frame) => AnyPicture,
): Degradation {
  return { levels, apply: (clean, level, random, frame) => apply(clean, level as Level, random, frame) };
}

/** All degradations that can be synthesised on clean photographs. */
export const DEGRADATIONS = {
  rain: degradation(RAIN_LEVELS, addRain),
  'dense-rain': degradation(DENSE_LEVELS, addDenseRain),
  'screened-rain': degradation(SCREENED_LEVELS, addScreenedRain),
  'added-rain': degradation(ADDED_LEVELS, addAddedRain),
  haze: degradation(HAZE_LEVELS, addHaze),
  'room-haze': degradation(HAZE_LEVELS, addRoomHaze),
  'indoor-haze': degradation(HAZE_LEVELS, addIndoorHaze),
  'outdoor-haze': degradation(HAZE_LEVELS, addOutdoorHaze),
  snow: degradation(SNOW_LEVELS, addSnow),
  'flaked-snow': degradation(SNOW_LEVELS, addFlakedSnow),
  raindrops: degradation(DROP_LEVELS, addRaindrops),
  'defocused-drops': degradation(DROP_LEVELS, addDefocusedDrops),
  'motion-blur': degradation(BLUR_LEVELS, blurMotion),
  'gaussian-noise': degradation(NOISE_LEVELS, addGaussianNoise),
  'gaussian-noise-seeded': degradation(NOISE_LEVELS, addSeededNoise),
  'camera-noise': degradation(CAMERA_LEVELS, addCameraNoise),
} as const satisfies Record<string, Degradation>;

/** Name of a degradation: "rain", "haze" … */
export type DegradationName = keyof typeof DEGRADATIONS;
