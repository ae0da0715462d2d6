import type { Picture, Random } from '@unweather/core-tensor';

export const SNOW_LEVELS = ['light', 'medium', 'heavy'] as const;
export type SnowLevel = (typeof SNOW_LEVELS)[number];

/** Ranges from which one picture's snow is drawn. */
interface Snow {
  /** Flakes per 1000 pixels of the picture, over all distances. */
  readonly density: readonly [number, number];
  /** Length of a flake's path during the exposure, in radii. */
  readonly motion: readonly [number, number];
  /** Share of the airlight that distant, unresolved snow lays over the scene. */
  readonly veil: readonly [number, number];
}

const SNOW: Readonly<Record<SnowLevel, Snow>> = {
  light: { density: [4, 7], motion: [0, 1], veil: [0.02, 0.06] },
  medium: { density: [8, 13], motion: [0.5, 2], veil: [0.06, 0.14] },
  heavy: { density: [14, 22], motion: [1, 3], veil: [0.12, 0.22] },
};

interface Layer {
  readonly radius: readonly [number, number];
  readonly opacity: readonly [number, number];
  readonly share: number;
}

/** Layers at three distances: radius in pixels, opacity, and share of the flakes. */
const LAYERS: readonly Layer[] = [
  { radius: [0.6, 1.1], opacity: [0.35, 0.6], share: 0.7 },
  { radius: [1.2, 2], opacity: [0.55, 0.85], share: 0.24 },
  { radius: [2.2, 4], opacity: [0.3, 0.55], share: 0.06 },
];

/** Largest angle of the fall from the vertical, in radians (40°). */
const LEAN = (40 * Math.PI) / 180;

/**
 * Adds snow as CSD's description has it: flakes of many sizes and transparencies, smeared by their fall, under a veil.
 * The model is I = K·(1 − v) + A·v with K = J·(1 − z) + C·z: flakes of colour C (white, faintly blue or warm) cover the
 * scene J by the mask z, then unresolved snow veils it with airlight A. Flakes lie at three distances: many small ones
 * far away, fewer opaque ones in focus, and a few large, pale, soft ones near the lens. The wind gives all flakes of a
 * picture one direction.
 */
export function addSnow(picture: Picture, level: SnowLevel, random: Random): Picture {
  const { width, height } = picture;
  const snow = SNOW[level];
  const mask = new Float32Array(width * height);
  const lean = random.between(-LEAN, LEAN);
  const motion = random.between(...snow.motion);
  const reach = 8;
  const area = ((width + 2 * reach) * (height + 2 * reach)) / 1000;
  const count = random.between(...snow.density) * area;
  for (const { radius, opacity, share } of LAYERS)
    for (let i = 0; i < Math.round(count * share); i++)
      drawFlake(mask, width, height, {
        x: random.between(-reach, width + reach),
        y: random.between(-reach, height + reach),
        angle: lean + random.between(-0.15, 0.15),
        radius: random.between(...radius),
        motion,
        opacity: random.between(...opacity),
      });
  const tint = random.between(-6, 6);
  const colour = [250 + tint, 250, 250 - tint].map((value) => Math.min(value, 255));
  const veil = random.between(...snow.veil);
  const airlight = random.between(190, 245);
  const data = new Uint8Array(picture.data.length);
  for (let i = 0; i < data.length; i++) {
    const z = mask[Math.floor(i / 3)]!;
    const covered = picture.data[i]! * (1 - z) + colour[i % 3]! * z;
    data[i] = Math.round(covered * (1 - veil) + airlight * veil);
  }
  return { width, height, data };
}

interface Flake {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly radius: number;
  readonly motion: number;
  readonly opacity: number;
}

/** Lays one flake over the mask: a soft disc stretched along its fall; overlaps combine like panes of glass. */
function drawFlake(mask: Float32Array, width: number, height: number, flake: Flake): void {
  const { x, y, angle, radius, motion, opacity } = flake;
  const [across, along] = [Math.cos(angle), Math.sin(angle)];
  const half = (motion * radius) / 2;
  const span = half + radius + 1;
  for (let py = Math.max(0, Math.ceil(y - span)); py <= Math.min(height - 1, y + span); py++)
    for (let px = Math.max(0, Math.ceil(x - span)); px <= Math.min(width - 1, x + span); px++) {
      const [dx, dy] = [px - x, py - y];
      const side = dx * across - dy * along;
      const end = Math.max(0, Math.abs(dx * along + dy * across) - half);
      const distance = (side * side + end * end) / (radius * radius);
      if (distance >= 1) continue;
      const value = opacity * (1 - distance);
      const i = py * width + px;
      mask[i] = mask[i]! + value * (1 - mask[i]!);
    }
}
