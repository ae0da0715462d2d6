import { type FloatPicture, type Picture, type Random, toFloats } from '@unweather/core-tensor';
import { torchNormals } from './torch-normal.js';

/** Standard deviations, for values of 0 to 255. */
export const NOISE_LEVELS = ['30', '50', '70'] as const;
export type NoiseLevel = (typeof NOISE_LEVELS)[number];

/**
 * Adds Gaussian noise to every channel of every pixel independently: N(0, σ)/255, **not** clipped, so the result has
 * numbers outside [0, 1]. The model is the textbook's: a sensor whose noise does not depend on the light.
 */
export function addGaussianNoise(clean: Picture, level: NoiseLevel, random: Random): FloatPicture {
  const { width, height, data } = toFloats(clean);
  const sigma = Number(level) / 255;
  return { width, height, data: data.map((value) => value + sigma * random.normal()) };
}

/** Low 32 bits of the official DuRN test script's seed, 8526081014239199321 (data_convertors.py, AddGaussianNoise). */
const OFFICIAL_SEED = 1676542041;

/**
 * Adds the noise of DuRN's tests: PyTorch's generator, reseeded for every picture, fills channels × height × width in
 * this order, so that pictures of one size get the same noise.
 */
export function addSeededNoise(clean: Picture, level: NoiseLevel): FloatPicture {
  const { width, height, data } = toFloats(clean);
  const size = width * height;
  const noise = torchNormals(OFFICIAL_SEED, 3 * size, Number(level));
  for (let i = 0; i < size; i++)
    for (let channel = 0; channel < 3; channel++)
      data[i * 3 + channel] = data[i * 3 + channel]! + Math.fround(noise[channel * size + i]! / 255);
  return { width, height, data };
}
