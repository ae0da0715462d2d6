import { isFloat32Array } from '../support/kinds.js';
import type { AnyPicture, FloatPicture } from './picture.js';

/** Channels that a network takes of a picture, in order; 'grey' is the first channel alone. */
export type ColourOrder = 'rgb' | 'bgr' | 'grey';

const PLACES: Readonly<Record<ColourOrder, readonly number[]>> = { rgb: [0, 1, 2], bgr: [2, 1, 0], grey: [0] };

/** Index of the RGB channel that each plane of a tensor in this order holds. */
export function placesOf(order: ColourOrder): readonly number[] {
  return PLACES[order];
}

/** Number of channels of a tensor in this order. */
export function channelsOf(order: ColourOrder): number {
  return PLACES[order].length;
}

/**
 * Writes a picture as float32 planes (CHW, nominally in [0, 1]; bytes as byte/255 in float32, as torchvision's ToTensor
 * does) into `target` at `offset`.
 */
export function toPlanes(picture: AnyPicture, order: ColourOrder, target: Float32Array, offset = 0): void {
  const { data } = picture;
  const size = picture.width * picture.height;
  const scale = isFloat32Array(data) ? 1 : 255;
  for (const [plane, channel] of PLACES[order].entries()) {
    const start = offset + plane * size;
    for (let i = 0; i < size; i++) target[start + i] = data[i * 3 + channel]! / scale;
  }
}

/** Makes a picture of float32 planes (CHW); a single plane is copied to the three channels. Nothing is clamped. */
export function fromPlanes(planes: Float32Array, width: number, height: number, order: ColourOrder): FloatPicture {
  const size = width * height;
  const places = order === 'grey' ? [0, 0, 0] : PLACES[order];
  const data = new Float32Array(3 * size);
  for (let channel = 0; channel < 3; channel++) {
    const start = places[channel]! * size;
    for (let i = 0; i < size; i++) data[i * 3 + channel] = planes[start + i]!;
  }
  return { width, height, data };
}
