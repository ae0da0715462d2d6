import type { Picture, Random } from '@unweather/core-tensor';
import { logBetween } from './draw.js';
import { drawnPlane, filteredInside, lineMargin, lineTaps, type Plane } from './line-blur.js';

/** The only level: Rain100H draws its strength anew for every picture. */
export const ADDED_LEVELS = ['storm'] as const;

/** Number of layers in one picture's rain; each layer has streaks of one length and one width. */
const LAYERS = [1, 3] as const;
/** Length of streaks in pixels, log-uniform. */
const LENGTH = [16, 72] as const;
const WIDTHS = [1, 2, 2, 3, 3] as const;
/** Mean number of streaks over a pixel if they were one pixel wide; log-uniform. */
const COVER = [0.12, 0.8] as const;
const MOST_LEAN = (15 / 180) * Math.PI;
/** Largest deviation of a layer's angle from the picture's. */
const STRAY = (2 / 180) * Math.PI;
/** Upper limit of a picture's mean light. */
const MEAN = [0.08, 0.4] as const;
const MOST_LIGHT = 0.95;

/**
 * Adds rain like Rain100H's: near-vertical, hard-edged streaks of several lengths and widths, added and clipped:
 * out = min(in + a, 1), so that bright places lose the excess over white.
 * @param random the stream that decides everything
 */
export function addAddedRain(picture: Picture, _level: (typeof ADDED_LEVELS)[number], random: Random): Picture {
  const { width, height, data } = picture;
  const light = addedLight(width, height, random);
  const out = data.map((value, i) => Math.min(255, Math.round(value + 255 * light.values[Math.floor(i / 3)]!)));
  return { width, height, data: out };
}

/** The light that is added, 0 … 0.95. */
export function addedLight(width: number, height: number, random: Random): Plane {
  const lean = random.between(-MOST_LEAN, MOST_LEAN);
  const sum = new Float32Array(width * height);
  const layers = LAYERS[0] + random.integer(LAYERS[1] - LAYERS[0] + 1);
  for (let layer = 0; layer < layers; layer++) {
    const { values } = streaks(width, height, lean + random.between(-STRAY, STRAY), random);
    for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
  }
  const mean = sum.reduce((total, value) => total + value, 0) / sum.length;
  const most = random.between(...MEAN);
  const scale = mean > most ? most / mean : 1;
  return { width, height, values: sum.map((value) => Math.min(value * scale, MOST_LIGHT)) };
}

/** Draws one layer: drops as wide as its streaks, smeared into lines and clipped at a brightness drawn per layer. */
function streaks(width: number, height: number, angle: number, random: Random): Plane {
  const length = logBetween(LENGTH, random);
  const across = WIDTHS[random.integer(WIDTHS.length)]!;
  const margin = lineMargin(length);
  const chance = (logBetween(COVER, random) * across) / length;
  const [columns, rows] = [width + 2 * margin, height + 2 * margin];
  const cells = Math.ceil(columns / across);
  const drops = drawnPlane(cells, rows, () => (random.uniform() < chance ? random.between(0.4, 1) : 0));
  const seeds = drawnPlane(columns, rows, () => 0);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) seeds.values[y * columns + x] = drops.values[y * cells + Math.floor(x / across)]!;
  const smeared = filteredInside(seeds, lineTaps(length, angle), margin, height);
  const [gain, ceiling] = [0.7 * length * random.between(0.25, 0.7), random.between(0.35, 0.85)];
  return { ...smeared, values: smeared.values.map((value) => Math.min(value * gain, ceiling)) };
}
