import type { Picture, Random } from '@unweather/core-tensor';
import type { Frame } from './frame.js';
import type { HazeLevel } from './haze.js';
import { drawAirlight, throughHaze } from './koschmieder.js';

/**
 * Scattering coefficient per unit of depth; the farthest depth is about 1. In 51 pictures of RESIDE's SOTS indoor, 5 %
 * of the transmission lies below 0.55, 0.45 and 0.3 at its levels 2, 5 and 8, and 5 % above 0.9, 0.85 and 0.75.
 */
const SCATTERING: Readonly<Record<HazeLevel, readonly [number, number]>> = {
  light: [0.5, 0.75],
  medium: [0.75, 1.05],
  heavy: [1.05, 1.4],
};

/** Radius of the square over which brightness is averaged before the picture is split into objects, in pixels. */
const RADIUS = 4;

/**
 * Adds haze in a room, like RESIDE's indoor sets: Koschmieder's law as in `addHaze`, but the airlight is nearly white,
 * depth rises towards any side, and it jumps where one object stands in front of another. Photographs have no depth, so
 * objects are made up: places of similar brightness, averaged over 9×9 pixels, get one depth, so that jumps lie on
 * edges.
 */
export function addRoomHaze(clean: Picture, level: HazeLevel, random: Random, frame: Frame): Picture {
  const beta = random.between(...SCATTERING[level]);
  const airlight = drawAirlight(random, [0.85, 1.05], 0.02);
  const direction = random.between(0, 2 * Math.PI);
  const [right, down] = [Math.cos(direction), Math.sin(direction)];
  const things = Array.from({ length: 3 + random.integer(4) }, () => random.between(-0.25, 0.25));
  const first = random.uniform();
  const brightness = averaged(clean);
  return throughHaze(clean, airlight, (x, y) => {
    const [u, v] = [(frame.left + x) / frame.width - 0.5, (frame.top + y) / frame.height - 0.5];
    const thing = Math.floor((brightness[y * clean.width + x]! / 256) * (things.length - 1) + first);
    const depth = Math.min(Math.max(0.6 + 0.55 * (right * u + down * v) + things[thing]!, 0.15), 1);
    return Math.exp(-beta * depth);
  });
}

/** Averages the channels over the square around every pixel, cut to the picture, by a summed-area table. */
function averaged({ width, height, data }: Picture): Float32Array {
  const wide = width + 1;
  const sums = new Float64Array(wide * (height + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3;
      const at = (y + 1) * wide + x + 1;
      const grey = (data[i]! + data[i + 1]! + data[i + 2]!) / 3;
      sums[at] = grey + sums[at - 1]! + sums[at - wide]! - sums[at - wide - 1]!;
    }
  const means = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - RADIUS), Math.min(height, y + RADIUS + 1)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - RADIUS), Math.min(width, x + RADIUS + 1)];
      const sum =
        sums[bottom * wide + right]! -
        sums[top * wide + right]! -
        sums[bottom * wide + left]! +
        sums[top * wide + left]!;
      means[y * width + x] = sum / ((bottom - top) * (right - left));
    }
  }
  return means;
}
