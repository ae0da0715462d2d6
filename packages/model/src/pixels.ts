import {
  Breath,
  type DecodedPicture,
  type DecodeOptions,
  type Frame,
  isFloat32Array,
  kindOf,
  UserError,
  valueText,
} from '@unweather/core-tensor';
import type { RestoredPixels } from './restored-pixels.js';

/** Pixels in a canvas's format. */
export interface ImageDataLike {
  /** RGBA, rows top to bottom: height × width × 4 numbers, alpha not multiplied. */
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Pixels in the networks' format. */
export interface Planes {
  /**
   * RGB planes, values from 0 to 1. Values from −1 to 2 are clamped to 0 to 1, since networks overshoot a little;
   * others are refused, since they are hardly colours (bytes, mostly).
   */
  readonly data: Float32Array;
  /** [1, 3, height, width] or [3, height, width]. */
  readonly shape: readonly number[];
}

/** True for planes, of any realm. */
export function isPlanes(input: object): input is Planes {
  return 'data' in input && isFloat32Array(input.data) && 'shape' in input && Array.isArray(input.shape);
}

/** True for ImageData, of any realm. */
export function isImageData(input: object): input is ImageDataLike {
  if (!('data' in input && 'width' in input && 'height' in input)) return false;
  return ['Uint8ClampedArray', 'Uint8Array'].includes(kindOf(input.data));
}

/** Converts ImageData. @throws UserError if the length does not match the size */
export async function fromImageData({ data, width, height }: ImageDataLike): Promise<DecodedPicture> {
  const size = width * height;
  if (!(sound(width) && sound(height)) || data.length !== size * 4)
    throw new UserError(
      `ImageData of ${width}×${height} has ${data.length} numbers; give RGBA, width × height × 4 of them`,
    );
  const [colour, alpha] = [new Uint8Array(size * 3), new Uint8Array(size)];
  const breath = new Breath();
  for (let y = 0; y < height; y++) {
    for (let i = y * width; i < (y + 1) * width; i++) {
      for (let channel = 0; channel < 3; channel++) colour[i * 3 + channel] = data[i * 4 + channel]!;
      alpha[i] = data[i * 4 + 3]!;
    }
    await breath.take();
  }
  return { picture: { width, height, data: colour }, alpha, depth: 8 };
}

/**
 * Values that are clamped to [0, 1]. A network's output overshoots by tenths; bytes that nobody divided by 255 go far
 * beyond.
 */
const [LEAST, MOST] = [-1, 2];

/** Converts planes, clamped to [0, 1]. @throws UserError if the shape is wrong, or a value is NaN or outside [−1, 2] */
export async function fromPlanes({ data, shape }: Planes): Promise<DecodedPicture> {
  const sizes = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  const [channels, height = 0, width = 0] = sizes;
  if (sizes.length !== 3 || channels !== 3 || !(sound(height) && sound(width)))
    throw new UserError(`the shape is [${shape}]; give [1, 3, height, width] or [3, height, width], RGB`);
  const size = width * height;
  if (data.length !== 3 * size)
    throw new UserError(`a shape of [${shape}] is ${3 * size} numbers, the Float32Array has ${data.length}`);
  const colour = new Float32Array(3 * size);
  const breath = new Breath();
  for (let y = 0; y < height; y++) {
    for (let channel = 0; channel < 3; channel++)
      for (let i = y * width; i < (y + 1) * width; i++) {
        const value = data[channel * size + i]!;
        if (!(value >= LEAST && value <= MOST))
          throw new UserError(
            `the Float32Array contains ${value} in channel ${channel}, row ${y}, column ${i - y * width}; give numbers from 0 to 1 (bytes / 255)`,
          );
        colour[i * 3 + channel] = clamped(value);
      }
    await breath.take();
  }
  return { picture: { width, height, data: colour }, depth: 8 };
}

/**
 * Converts a restored picture, with its frames, its alpha and its profile: the input of a further network. Values are
 * clamped to [0, 1], as when it is written to a file.
 * @param options number of the only frame to take, from 1; default: all of them
 * @throws UserError for NaN, and a frame that there is not
 */
export async function fromRestored(
  { restored }: Pick<RestoredPixels, 'restored'>,
  { frame }: DecodeOptions = {},
): Promise<DecodedPicture> {
  const { further, ...first } = restored;
  const frames: readonly Frame[] = [first, ...(further?.frames ?? [])];
  requireFrame(frame, frames.length, 'the restored picture');
  const { picture: _, alpha: __, ...kept } = first;
  if (frame !== undefined) return { ...kept, ...(await clampedFrame(frames[frame - 1]!)) };
  const rest: Frame[] = [];
  const start = await clampedFrame(first);
  for (const one of frames.slice(1)) rest.push(await clampedFrame(one));
  return { ...kept, ...start, ...(further && { further: { ...further, frames: rest } }) };
}

async function clampedFrame({ picture: { width, height, data }, alpha }: Frame): Promise<Frame> {
  const colour = new Float32Array(data.length);
  const breath = new Breath();
  for (let y = 0; y < height; y++) {
    for (let i = y * width * 3; i < (y + 1) * width * 3; i++) {
      if (Number.isNaN(data[i]))
        throw new UserError(
          `the restored picture contains NaN in row ${y}; check the weights that it was restored with`,
        );
      colour[i] = clamped(data[i]!);
    }
    await breath.take();
  }
  return { picture: { width, height, data: colour }, ...(alpha && { alpha }) };
}

/** @throws UserError for a frame that a picture does not have */
export function requireFrame(frame: number | undefined, frames: number, name: string): void {
  if (frame === undefined || (Number.isSafeInteger(frame) && frame >= 1 && frame <= frames)) return;
  throw new UserError(`${name}: there is no frame ${valueText(frame)}; give a number from 1 to ${frames}`);
}

/** True for a restored picture, also of another copy of this package. */
export function isRestored(input: object): input is Pick<RestoredPixels, 'restored'> {
  return 'restored' in input && 'toFloat32' in input && typeof input.toFloat32 === 'function';
}

function clamped(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}

function sound(side: number): boolean {
  return Number.isSafeInteger(side) && side > 0;
}
