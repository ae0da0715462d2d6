import { isFloat32Array, isUint8Array } from '../support/kinds.js';
import { byteOf, clamped } from './levels.js';

/** A picture in memory: RGB, rows top to bottom, channels interleaved (height × width × 3 numbers), bytes 0 … 255. */
export interface Picture<Data extends Uint8Array | Float32Array = Uint8Array> {
  readonly width: number;
  readonly height: number;
  readonly data: Data;
}

/** A picture of float32 numbers, nominally in [0, 1]: the output of networks and the format of some datasets. */
export type FloatPicture = Picture<Float32Array>;

/** A picture of bytes, 0 to 255, or of floats, mostly in [0, 1]. */
export type AnyPicture = Picture | FloatPicture;

/** A rectangle of pixels; the origin is the top left corner. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Cuts a window out of a picture. */
export function cut<P extends AnyPicture>(picture: P, window: Window): P {
  const data = like(picture, window.width * window.height * 3);
  const row = window.width * 3;
  for (let y = 0; y < window.height; y++) {
    const start = ((window.top + y) * picture.width + window.left) * 3;
    data.set(picture.data.subarray(start, start + row), y * row);
  }
  return { width: window.width, height: window.height, data } as P;
}

/** Mirrors a picture left to right. */
export function mirrored<P extends AnyPicture>(picture: P): P {
  const { width, height, data } = picture;
  const out = like(picture, data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + (width - 1 - x)) * 3;
      copyPixel(data, from, out, (y * width + x) * 3);
    }
  return { width, height, data: out } as P;
}

/** Rotates a picture counter-clockwise by `quarters` · 90°. */
export function rotated<P extends AnyPicture>(picture: P, quarters: number): P {
  const turns = ((quarters % 4) + 4) % 4;
  if (turns === 0) return picture;
  const { width, height, data } = picture;
  const [across, down] = turns % 2 === 0 ? [width, height] : [height, width];
  const out = like(picture, data.length);
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      const [fx, fy] =
        turns === 1 ? [width - 1 - y, x] : turns === 2 ? [width - 1 - x, height - 1 - y] : [y, height - 1 - x];
      const from = (fy * width + fx) * 3;
      copyPixel(data, from, out, (y * across + x) * 3);
    }
  return { width: across, height: down, data: out } as P;
}

/**
 * Converts a picture to floats, clamped to [0, 1]; bytes become byte/255 in float32, as in torchvision's ToTensor.
 * @throws UserError for NaN and infinities
 */
export function toFloats({ width, height, data }: AnyPicture): FloatPicture {
  const floats = isFloat32Array(data) ? data.map(clamped) : new Float32Array(data).map((value) => value / 255);
  return { width, height, data: floats };
}

/**
 * Converts floats to bytes: clamped to [0, 1], times 255 in float32, and **truncated** (`(x*255).astype(uint8)`), as
 * the test scripts of many papers do. Bytes stay unchanged, also after a round trip through {@link toFloats}.
 * @throws UserError for NaN and infinities
 */
export function toBytes(picture: AnyPicture): Picture {
  if (isBytes(picture)) return picture;
  const { width, height, data } = picture;
  return { width, height, data: new Uint8Array(data.map(byteOf)) };
}

/** True if a picture holds bytes, not floats. */
export function isBytes(picture: AnyPicture): picture is Picture {
  return isUint8Array(picture.data);
}

function copyPixel(source: Uint8Array | Float32Array, from: number, target: typeof source, to: number): void {
  target[to] = source[from]!;
  target[to + 1] = source[from + 1]!;
  target[to + 2] = source[from + 2]!;
}

function like({ data }: AnyPicture, length: number): Uint8Array | Float32Array {
  return isFloat32Array(data) ? new Float32Array(length) : new Uint8Array(length);
}
