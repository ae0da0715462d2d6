import type { Picture, Random } from '@unweather/core-tensor';
import { mirroredPlace } from './light.js';

export const DROP_LEVELS = ['few', 'some', 'many'] as const;
export type DropLevel = (typeof DROP_LEVELS)[number];

/** Drops per 10,000 pixels. */
const DENSITY: Readonly<Record<DropLevel, readonly [number, number]>> = { few: [2, 4], some: [5, 8], many: [9, 13] };
/** Radius of a drop, in pixels. */
const RADIUS = [4, 11] as const;
/** Samples per side of the area that a drop averages; more would make no visible difference. */
const GATHERED = 3;

/**
 * Adds defocused raindrops on a window pane. The model is the RainDrop benchmark's, I = (1 − m)·B + R: a drop is a
 * short lens that shows a wide view of the scene (five to eight times its own size) upside down, blurred because the
 * camera focuses past it, and brighter than the scene from the sky it gathers. Its mask m fades over the outer third,
 * softened by the defocus. Drops are round, slightly longer than wide. The scene is mirrored beyond its border.
 */
export function addRaindrops(clean: Picture, level: DropLevel, random: Random): Picture {
  const { width, height } = clean;
  const data = clean.data.slice();
  const reach = RADIUS[1];
  const area = (width + 2 * reach) * (height + 2 * reach);
  const count = Math.round((random.between(...DENSITY[level]) * area) / 10_000);
  for (let i = 0; i < count; i++)
    drawDrop(clean, data, {
      x: random.between(-reach, width + reach),
      y: random.between(-reach, height + reach),
      radius: random.between(...RADIUS),
      length: random.between(1, 1.3),
      magnification: random.between(5, 8),
      sky: random.between(20, 70),
    });
  return { width, height, data };
}

interface Drop {
  /** Centre, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Ratio of length to width. */
  readonly length: number;
  /** Size of the scene shown in the drop, relative to the drop's own. */
  readonly magnification: number;
  /** Light that it adds, 0 to 255. */
  readonly sky: number;
}

function drawDrop(clean: Picture, data: Uint8Array, { x, y, radius, length, magnification, sky }: Drop): void {
  const { width, height } = clean;
  const [rx, ry] = [radius, radius * length];
  for (let py = Math.max(0, Math.ceil(y - ry)); py <= Math.min(height - 1, y + ry); py++)
    for (let px = Math.max(0, Math.ceil(x - rx)); px <= Math.min(width - 1, x + rx); px++) {
      const distance = Math.hypot((px - x) / rx, (py - y) / ry);
      if (distance >= 1) continue;
      const mask = Math.min(1, (1 - distance) * 3);
      const i = (py * width + px) * 3;
      const seen = gathered(clean, x - (px - x) * magnification, y - (py - y) * magnification, magnification);
      for (let channel = 0; channel < 3; channel++)
        data[i + channel] = Math.min(255, Math.round((1 - mask) * data[i + channel]! + mask * (seen[channel]! + sky)));
    }
}

/** Mean colour of a few pixels around a place, `step` apart. */
function gathered({ width, height, data }: Picture, x: number, y: number, step: number): number[] {
  const sums = [0, 0, 0];
  for (let down = 0; down < GATHERED; down++)
    for (let across = 0; across < GATHERED; across++) {
      const px = mirroredPlace(Math.round(x + (across - 1) * step), width);
      const py = mirroredPlace(Math.round(y + (down - 1) * step), height);
      for (let channel = 0; channel < 3; channel++) sums[channel]! += data[(py * width + px) * 3 + channel]!;
    }
  return sums.map((sum) => sum / GATHERED ** 2);
}
