import type { Picture, Random } from '@unweather/core-tensor';
import { developed, linearLight } from './light.js';

export const CAMERA_LEVELS = ['low', 'medium', 'high'] as const;
export type CameraLevel = (typeof CAMERA_LEVELS)[number];

/** Ranges from which one picture's sensor is drawn. */
interface Sensor {
  /** Variance of shot noise per unit of light. */
  readonly shot: readonly [number, number];
  /** Standard deviation of the electronics' noise. */
  readonly read: readonly [number, number];
}

const SENSORS: Readonly<Record<CameraLevel, Sensor>> = {
  low: { shot: [0.002, 0.004], read: [0.004, 0.008] },
  medium: { shot: [0.005, 0.01], read: [0.01, 0.016] },
  high: { shot: [0.012, 0.02], read: [0.018, 0.028] },
};

/** Gains of R, G and B: red and blue are amplified to balance daylight, and their noise with them. */
const GAINS = [1.4, 1, 1.6] as const;

/**
 * Adds camera noise. The model: light L (linear, from the sRGB bytes) reaches the sensor as a count of photons, whose
 * variance grows with L; the electronics add a constant: variance = shot·L + read². Red and blue are amplified more
 * than green. Demosaicing spreads a pixel's error over its right neighbour and the one below (½, ¼, ¼), so the grain is
 * coarser than a pixel; the result is clipped, developed to sRGB and rounded to bytes. A normal distribution
 * approximates Poisson's.
 */
export function addCameraNoise(clean: Picture, level: CameraLevel, random: Random): Picture {
  const { width, height } = clean;
  const shot = random.between(...SENSORS[level].shot);
  const read = random.between(...SENSORS[level].read);
  const light = linearLight(clean);
  const error = light.map((value, i) => {
    const gain = GAINS[i % 3]!;
    return Math.sqrt(gain * shot * value + (gain * read) ** 2) * random.normal();
  });
  // Spreading lowers the variance to 3/8.
  const restored = Math.sqrt(8 / 3);
  const data = new Uint8Array(clean.data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) {
        const at = (dy: number, dx: number) =>
          error[(Math.min(y + dy, height - 1) * width + Math.min(x + dx, width - 1)) * 3 + channel]!;
        const i = (y * width + x) * 3 + channel;
        data[i] = developed(light[i]! + restored * (0.5 * at(0, 0) + 0.25 * at(0, 1) + 0.25 * at(1, 0)));
      }
  return { width, height, data };
}
