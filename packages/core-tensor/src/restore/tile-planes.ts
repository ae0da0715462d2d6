import type { AnyPicture, FloatPicture, Window } from '../image/picture.js';
import { type ColourOrder, placesOf } from '../image/planes.js';
import type { Breath } from '../support/breath.js';
import { isFloat32Array } from '../support/kinds.js';

/**
 * Writes a window of a picture as float32 planes (CHW, nominally in [0, 1]) into `target` at `offset`. The picture is
 * extended beyond its right and bottom borders by mirroring, without repeating the last column and row.
 */
export async function tileToPlanes(
  { width, height, data }: AnyPicture,
  window: Window,
  order: ColourOrder,
  target: Float32Array,
  offset: number,
  breath: Breath,
): Promise<void> {
  const size = window.width * window.height;
  const scale = isFloat32Array(data) ? 1 : 255;
  const columns = Int32Array.from({ length: window.width }, (_, x) => 3 * mirror(window.left + x, width));
  const places = placesOf(order);
  for (let y = 0; y < window.height; y++) {
    const row = mirror(window.top + y, height) * width * 3;
    for (const [plane, channel] of places.entries()) {
      const start = offset + plane * size + y * window.width;
      const from = row + channel;
      for (let x = 0; x < window.width; x++) target[start + x] = data[from + columns[x]!]! / scale;
    }
    await breath.take();
  }
}

/**
 * Adds a network's output for a window to the picture, weighted by the shares of its tile in columns and rows. Pixels
 * beyond the picture are dropped. A single plane is copied to the three channels.
 */
export async function addTile(
  planes: Float32Array,
  offset: number,
  window: Window,
  [across, down]: readonly [Float32Array, Float32Array],
  order: ColourOrder,
  { width, height, data }: FloatPicture,
  breath: Breath,
): Promise<void> {
  const size = window.width * window.height;
  const inside = Math.min(window.width, width - window.left);
  const places = order === 'grey' ? [0, 0, 0] : placesOf(order);
  for (let y = 0; y < Math.min(window.height, height - window.top); y++) {
    const share = down[y]!;
    if (share === 0) continue;
    const row = ((window.top + y) * width + window.left) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const start = offset + places[channel]! * size + y * window.width;
      for (let x = 0; x < inside; x++) {
        const part = share * across[x]!;
        if (part !== 0) data[row + x * 3 + channel]! += part * planes[start + x]!;
      }
    }
    await breath.take();
  }
}

/** Mirrors a position into an axis of `size`, without repeating the last place. */
function mirror(position: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const place = position % period;
  return place < size ? place : period - place;
}
