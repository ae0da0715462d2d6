import type { Metadata } from 'sharp';
import { Breath } from '../support/breath.js';
import { messageOf, UserError } from '../support/error.js';
import { isFloat32Array, isUint8Array, isUint16Array } from '../support/kinds.js';
import { valueText } from '../support/value-text.js';
import { MOST_PIXELS, type PictureHeader, readHeader, tooMany } from './header.js';
import { readingFrom } from './metadata/directory.js';
import { exifOfTiff, writeExif } from './metadata/exif.js';
import type { PictureMetadata } from './metadata/metadata.js';
import { textsOfPng } from './metadata/png.js';
import { isLosslessWebp } from './metadata/webp.js';
import type { AnyPicture } from './picture.js';
import { readSamples, type Samples } from './samples.js';

/** The pixels of a picture, or of one frame. */
export interface Frame {
  /** Bytes where the file has 8 bits, floats in [0, 1] where it has more. */
  readonly picture: AnyPicture;
  /** Opacity of every pixel, if there is an alpha channel: 0 … 255, or 0 … 65535 where the depth is 16. */
  readonly alpha?: Uint8Array | Uint16Array;
}

/** Frames of an animation, or pages, after the first. */
export interface FurtherFrames {
  readonly frames: readonly Frame[];
  /** Milliseconds that each frame is shown, the first included; absent for pages. */
  readonly delay?: readonly number[];
  /** Number of times that an animation is shown; 0: for ever. */
  readonly loop?: number;
}

/** A decoded picture, with everything needed to write it again in the same form. */
export interface DecodedPicture extends Frame {
  /** Bits per number in the file: 8, or 16 for anything above. */
  readonly depth: 8 | 16;
  /** Pixels per inch, for printing; absent if the file states none. */
  readonly density?: number;
  /** True for a WebP that was compressed without loss. */
  readonly lossless?: boolean;
  /** ICC profile of the numbers in `picture`; absent for sRGB. */
  readonly profile?: Uint8Array;
  /** EXIF and XMP of the file, as stored; of the first frame. */
  readonly metadata?: PictureMetadata;
  /** Frames after the first, of an animated GIF or WebP; pages after the first, of a TIFF. */
  readonly further?: FurtherFrames;
}

/** Options for decoding a picture. */
export interface DecodeOptions {
  /** Number of the only frame to decode, from 1; default: all of them. */
  readonly frame?: number | undefined;
  /** Awaited before the pixels are decoded, with their number in all frames: a caller may wait for room in memory. */
  readonly room?: ((pixels: number) => Promise<void>) | undefined;
}

/** Number of pixels that are decoded of a picture. */
export function pixelsOf(
  { width, height, frames }: Pick<PictureHeader, 'width' | 'height' | 'frames'>,
  frame?: number,
): number {
  return width * height * (frame === undefined ? frames : 1);
}

/**
 * Decodes a picture (PNG, JPEG, WebP, TIFF, AVIF, GIF) as displayed: EXIF orientation applied, greyscale copied to
 * three channels. RGB numbers stay as stored, with their ICC profile beside them; greyscale with a profile, CMYK and
 * others are converted to sRGB, and so are the numbers of a PNG whose gAMA is not sRGB's. Floats of a TIFF count from 0
 * to 1, and 32-bit numbers by their range.
 * @param name name of the picture in messages
 * @throws UserError naming the picture: truncated, not a picture, of samples that cannot be scaled, without that frame
 */
export async function decodePicture(
  bytes: Uint8Array,
  name: string,
  { frame, room }: DecodeOptions = {},
): Promise<DecodedPicture> {
  const header = await readHeader(bytes, name);
  requireFrame(header, frame, name);
  const { frames, format, stored } = header;
  const { icc, space, orientation = 1, delay, loop, density } = stored;
  const pixels = pixelsOf(header, frame);
  if (frame === undefined && pixels > MOST_PIXELS)
    throw new UserError(
      `${name}: has ${frames} frames of ${header.width}×${header.height}, ${tooMany(pixels)}; restore one of them, with --frame 1 or in code { frame: 1 }`,
    );
  await room?.(pixels);
  const keepNumbers = icc !== undefined && ['srgb', 'rgb', 'rgb16', 'scrgb'].includes(space);
  const read = (page: number | 'all') =>
    readSamples(bytes, header, { page, keepNumbers }).catch((thrown: unknown) => {
      const reason = messageOf(thrown);
      throw new UserError(
        thrown instanceof UserError
          ? `${name}: ${reason}`
          : `${name}: not a readable picture (${reason}); give another one`,
      );
    });
  const depth = stored.depth === 'uchar' ? 8 : 16;
  const metadata = await metadataOf(stored, bytes);
  const about = {
    depth,
    ...(density !== undefined && { density }),
    ...(format === 'webp' && isLosslessWebp(bytes) && { lossless: true }),
    ...(keepNumbers && { profile: Uint8Array.from(icc) }),
    ...(metadata && { metadata }),
  } as const;
  if (frames === 1 || frame !== undefined) return { ...(await parted(await read((frame ?? 1) - 1))), ...about };
  // Every frame of an animation builds on those before it, so that reading them one by one would take squares of time.
  const together = (format === 'gif' || format === 'webp') && orientation === 1;
  const all: Frame[] = [];
  if (together) for (const samples of sliced(await read('all'), frames)) all.push(await parted(samples));
  else for (let page = 0; page < frames; page++) all.push(await parted(await read(page)));
  const [first, ...rest] = all as [Frame, ...Frame[]];
  const times = { ...(delay && { delay }), ...(loop !== undefined && { loop }) };
  return { ...first, ...about, further: { frames: rest, ...times } };
}

/**
 * Metadata that sharp has read, and what it leaves aside: the EXIF data among the fields of a TIFF, the texts of a PNG.
 * @param bytes the file; without them, those are not read
 */
export async function metadataOf(
  { exif, xmp, format }: Pick<Metadata, 'exif' | 'xmp' | 'format'>,
  bytes?: Uint8Array,
): Promise<PictureMetadata | undefined> {
  const own = format === 'tiff' && bytes ? await exifOfTiff(readingFrom(bytes), bytes.subarray(0, 8)) : undefined;
  const block = exif ? Uint8Array.from(exif) : own && writeExif(own);
  const texts = format === 'png' && bytes ? textsOfPng(bytes) : [];
  if (block === undefined && xmp === undefined && texts.length === 0) return undefined;
  return {
    ...(block && { exif: block }),
    ...(xmp && { xmp: new TextDecoder().decode(xmp) }),
    ...(texts.length > 0 && { texts }),
  };
}

/** @throws UserError for a frame that there is not, or that cannot be decoded */
function requireFrame({ frames, firstOnly }: PictureHeader, frame: number | undefined, name: string): void {
  if (frame !== undefined && !(Number.isSafeInteger(frame) && frame >= 1 && frame <= frames))
    throw new UserError(`${name}: there is no frame ${valueText(frame)}; give a number from 1 to ${frames}`);
  if (firstOnly && frame !== 1)
    throw new UserError(
      `${name}: is an animated PNG of ${frames} frames, of which only the first can be decoded; choose it with --frame 1, in code { frame: 1 }, or convert the file to WebP or GIF`,
    );
}

/** Cuts frames that were read below one another apart. */
function sliced({ numbers, width, height, channels }: Samples, frames: number): Samples[] {
  const size = numbers.length / frames;
  return Array.from({ length: frames }, (_, i) => ({
    numbers: numbers.slice(i * size, (i + 1) * size),
    ...{ width, height: height / frames, channels },
  }));
}

/** Separates colour and alpha; 16-bit colours become floats. */
async function parted({ numbers, width, height, channels }: Samples): Promise<Frame> {
  if (channels === 3 && !isUint16Array(numbers)) return { picture: { width, height, data: numbers } as AnyPicture };
  const size = width * height;
  const bytes = isUint8Array(numbers);
  const scale = isUint16Array(numbers) ? 65535 : 1;
  const data = bytes ? new Uint8Array(size * 3) : new Float32Array(size * 3);
  const alpha = channels === 4 ? new (bytes ? Uint8Array : Uint16Array)(size) : undefined;
  const opaque = isFloat32Array(numbers) ? 65535 : 1;
  const breath = new Breath();
  for (let y = 0; y < height; y++) {
    for (let i = y * width; i < (y + 1) * width; i++) {
      for (let channel = 0; channel < 3; channel++)
        data[i * 3 + channel] = numbers[i * channels + (channels < 3 ? 0 : channel)]! / scale;
      if (alpha) alpha[i] = Math.round(numbers[i * channels + 3]! * opaque);
    }
    await breath.take();
  }
  return { picture: { width, height, data } as AnyPicture, ...(alpha && { alpha }) };
}
