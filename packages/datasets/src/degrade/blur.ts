import type { Picture, Random } from '@unweather/core-tensor';
import { developed, linearLight, mirroredPlace } from './light.js';

export const BLUR_LEVELS = ['short', 'medium', 'long'] as const;
export type BlurLevel = (typeof BLUR_LEVELS)[number];

/** Length of the camera's path during the exposure, in pixels. */
const PATH: Readonly<Record<BlurLevel, readonly [number, number]>> = { short: [3, 5], medium: [6, 9], long: [10, 14] };

/** Number of moments of the exposure that are averaged. */
const MOMENTS = 24;

/**
 * Adds motion blur of a shaking camera. The model: while the shutter is open the picture moves over the sensor along a
 * smooth, slightly bent path, the same for all pixels; the sensor sums the light (linear, not sRGB bytes) of all
 * moments, as GoPro's pairs average the frames of a fast camera. The scene is mirrored beyond its border.
 */
export function blurMotion(clean: Picture, level: BlurLevel, random: Random): Picture {
  const { width, height } = clean;
  const kernel = pathKernel(random.between(...PATH[level]), random);
  const light = linearLight(clean);
  const data = new Uint8Array(light.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let [red, green, blue] = [0, 0, 0];
      for (const { dx, dy, weight } of kernel) {
        const i = (mirroredPlace(y + dy, height) * width + mirroredPlace(x + dx, width)) * 3;
        red += weight * light[i]!;
        green += weight * light[i + 1]!;
        blue += weight * light[i + 2]!;
      }
      data.set([developed(red), developed(green), developed(blue)], (y * width + x) * 3);
    }
  return { width, height, data };
}

interface Tap {
  readonly dx: number;
  readonly dy: number;
  readonly weight: number;
}

/** Draws the path as a kernel: each moment's light is shared among the four pixels around it. */
function pathKernel(length: number, random: Random): Tap[] {
  let angle = random.between(0, 2 * Math.PI);
  const bend = random.between(-1.5, 1.5) / MOMENTS;
  let [x, y] = [0, 0];
  const points = Array.from({ length: MOMENTS }, () => {
    const point = { x, y };
    angle += bend + random.between(-0.1, 0.1);
    x += (Math.cos(angle) * length) / (MOMENTS - 1);
    y += (Math.sin(angle) * length) / (MOMENTS - 1);
    return point;
  });
  // The sharp picture is the middle of the exposure.
  const centre = points[MOMENTS / 2]!;
  const taps = new Map<string, Tap>();
  for (const point of points) {
    const [px, py] = [point.x - centre.x, point.y - centre.y];
    const [left, top] = [Math.floor(px), Math.floor(py)];
    for (const [dx, dy] of [
      [left, top],
      [left + 1, top],
      [left, top + 1],
      [left + 1, top + 1],
    ] as const) {
      const share = ((1 - Math.abs(px - dx)) * (1 - Math.abs(py - dy))) / MOMENTS;
      const key = `${dx},${dy}`;
      taps.set(key, { dx, dy, weight: share + (taps.get(key)?.weight ?? 0) });
    }
  }
  return [...taps.values()].filter(({ weight }) => weight > 0);
}
