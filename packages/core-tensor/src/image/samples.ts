import { Breath } from '../support/breath.js';
import { UserError } from '../support/error.js';
import { toSrgbFromGamma } from './gamma.js';
import type { PictureHeader } from './header.js';
import { loadSharp } from './sharp.js';

/** Decoded numbers of one picture, or of several below one another; rows top to bottom, channels interleaved. */
export interface Samples {
  /** Bytes, 16-bit numbers, or floats in [0, 1]. */
  readonly numbers: Uint8Array | Uint16Array | Float32Array;
  readonly width: number;
  readonly height: number;
  /** 3 or 4; 1 for grey floats. */
  readonly channels: number;
}

/** Options for reading samples. */
export interface SampleOptions {
  /** Index of the frame, or 'all' to read all of them below one another, which needs frames of one size. */
  readonly page: number | 'all';
  /** True to keep the numbers of a picture with an ICC profile; false to convert them to sRGB. */
  readonly keepNumbers: boolean;
}

/** Largest number of a 32-bit sample. */
const MOST = 0xffffffff;

/**
 * Decodes the numbers of a picture, upright. 32-bit numbers are scaled to [0, 1] by their range; floats are taken as
 * they are. Numbers that a PNG's gAMA encodes are converted to sRGB's encoding.
 * @throws UserError for floats outside of [0, 1]
 * @throws Error of sharp's for a file that is damaged
 */
export async function readSamples(
  bytes: Uint8Array,
  { stored: { depth, space, orientation = 1 }, gamma }: PictureHeader,
  { page, keepNumbers }: SampleOptions,
): Promise<Samples> {
  const sharp = await loadSharp();
  const wide = depth === 'float' || depth === 'uint';
  const unconverted = wide && UNCONVERTED.includes(space);
  const open = { failOn: 'error', limitInputPixels: false, ignoreIcc: keepNumbers || unconverted } as const;
  const image = sharp(bytes, { ...open, ...(page === 'all' ? { pages: -1 } : { page }) });
  if (orientation > 1) image.autoOrient();
  const kind = depth === 'uchar' ? 'uchar' : unconverted ? (depth as 'float' | 'uint') : 'ushort';
  if (unconverted) image.pipelineColourspace(space).toColourspace(space);
  else image.toColourspace(kind === 'uchar' ? 'srgb' : 'rgb16');
  const { data, info } = await image.raw({ depth: kind }).toBuffer({ resolveWithObject: true });
  const size = data.length / { uchar: 1, ushort: 2, float: 4, uint: 4 }[kind];
  const { width, height, channels } = info;
  const of = <T>(type: new (buffer: ArrayBufferLike, at: number, length: number) => T) =>
    new type(data.buffer, data.byteOffset, size);
  if (kind === 'float') return { numbers: await within(of(Float32Array)), width, height, channels };
  if (kind === 'uint') return { numbers: await scaled(of(Uint32Array)), width, height, channels };
  const numbers = kind === 'uchar' ? of(Uint8Array) : of(Uint16Array);
  if (gamma !== undefined) await toSrgbFromGamma(numbers, channels, gamma);
  return { numbers, width, height, channels };
}

/** Colour spaces whose floats and 32-bit numbers are those of the file; libvips calls floats "scrgb". */
const UNCONVERTED: readonly string[] = ['b-w', 'srgb', 'rgb', 'scrgb', 'rgb16'];

async function scaled(words: Uint32Array): Promise<Float32Array> {
  const floats = new Float32Array(words.length);
  let start = 0;
  for await (const part of new Breath().parts(words)) {
    for (let i = 0; i < part.length; i++) floats[start + i] = part[i]! / MOST;
    start += part.length;
  }
  return floats;
}

async function within(floats: Float32Array): Promise<Float32Array> {
  let [least, most] = [0, 1];
  for await (const part of new Breath().parts(floats))
    for (const value of part) {
      if (!Number.isFinite(value)) throw new UserError(`contains ${value}; ${FLOATS}`);
      if (value < least) least = value;
      if (value > most) most = value;
    }
  if (least < 0 || most > 1) throw new UserError(`contains floats from ${least} to ${most}; ${FLOATS}`);
  return floats;
}

const FLOATS = 'floats count from 0, black, to 1, white: scale them, or convert it to 16 bits';
