import type { Sharp } from 'sharp';
import { Breath } from '../support/breath.js';
import { UserError } from '../support/error.js';
import { isFloat32Array, isUint8Array, isUint16Array } from '../support/kinds.js';
import { valueText } from '../support/value-text.js';
import type { DecodedPicture, Frame, FurtherFrames } from './decode.js';
import {
  ALIASES,
  DEEP_FORMATS,
  FRAME_FORMATS,
  LONGEST_SIDES,
  PICTURE_FORMATS,
  type PictureFileFormat,
} from './formats.js';
import { byteOf, wordOf } from './levels.js';
import type { MetadataChoice } from './metadata/choices.js';
import { parseExif, withExifInTiff } from './metadata/exif.js';
import { withMetadata } from './metadata/in-files.js';
import { withDensityInJpeg } from './metadata/jpeg.js';
import { chosenMetadata, type PictureMetadata } from './metadata/metadata.js';
import { loadSharp } from './sharp.js';
import { emptyTiff, type TiffShape } from './tiff.js';

/** Options for encoding a picture. */
export interface EncodeOptions {
  /** Bits per number; 16 in PNG and TIFF only. Default: those of the picture's file, where the format holds them. */
  readonly depth?: 8 | 16;
  /**
   * Quality of JPEG, WebP and AVIF, 1 to 100; default: 90, and no loss for a WebP from one without. PNG and TIFF are
   * lossless; GIF has 256 colours.
   */
  readonly quality?: number;
  /**
   * What is written of the metadata of the input: 'keep' (the default), all EXIF and XMP data, GPS among them, with the
   * orientation reset; 'copyright', whose picture it is; 'none'. GIF holds none.
   */
  readonly metadata?: MetadataChoice;
}

/** Finds the format of a file by its name. @throws UserError listing the known endings */
export function formatNamed(path: string): PictureFileFormat {
  const ending = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const name = Object.hasOwn(ALIASES, ending) ? ALIASES[ending] : ending;
  const format = PICTURE_FORMATS.find((known) => known === name);
  if (format !== undefined) return format;
  throw new UserError(`${path}: the name must end in .${PICTURE_FORMATS.join(', .')}; choose one of these formats`);
}

/** Bits per number that a picture is written with, if none are asked for: its own, where the format holds them. */
export function depthIn(format: PictureFileFormat, depth: 8 | 16): 8 | 16 {
  return DEEP_FORMATS.includes(format) ? depth : 8;
}

/** A picture to encode: its pixels, and the depth of the file that it comes from; default: 8. */
export type EncodedPicture = Omit<DecodedPicture, 'depth'> & { readonly depth?: 8 | 16 };

/**
 * Encodes a picture with its frames, its alpha and its ICC profile. Floats are clamped, and truncated to 8 bits, as the
 * papers' scripts do, or rounded to 16.
 * @throws UserError if the format cannot hold the depth, the transparency or the frames, and for NaN and infinities
 */
export async function encodePicture(
  decoded: EncodedPicture,
  format: PictureFileFormat,
  { depth: asked, quality: given, metadata: choice = 'keep' }: EncodeOptions = {},
): Promise<Buffer> {
  if (!PICTURE_FORMATS.includes(format))
    throw new UserError(`there is no picture format "${format}"; choose one of ${PICTURE_FORMATS.join(', ')}`);
  if (asked !== undefined && asked !== 8 && asked !== 16)
    throw new UserError(`depth is ${valueText(asked)}; give 8 or 16`);
  if (asked === 16 && !DEEP_FORMATS.includes(format))
    throw new UserError(`${format} cannot store 16 bits per channel; write png or tiff, or leave out the depth`);
  const quality = given ?? 90;
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100))
    throw new UserError(`quality is ${valueText(quality)}; give a whole number from 1 to 100`);
  const depth = asked ?? depthIn(format, decoded.depth ?? 8);
  const metadata = await chosenMetadata(decoded.metadata ?? {}, choice, decoded.picture);
  const frames = [decoded, ...(decoded.further?.frames ?? [])];
  requireSides(decoded.picture, format);
  requireFrames(frames, format);
  let opaque = true;
  for (const { alpha } of frames) opaque &&= !(await showsThrough(alpha));
  if (format === 'jpg' && !opaque)
    throw new UserError('JPEG cannot store transparency, which this picture has; write png, webp, avif or tiff');
  const sharp = await loadSharp();
  const tiffs: Uint8Array[] = [];
  const { density = USUAL_DENSITY, profile } = decoded;
  for (const frame of frames) tiffs.push(await asTiff(frame, { depth, channels: opaque ? 3 : 4, density, profile }));
  const open = { limitInputPixels: false };
  const image = (tiffs.length === 1 ? sharp(tiffs[0]!, open) : sharp(tiffs, { ...open, join: { animated: true } }))
    .keepIccProfile()
    .toColourspace(depth === 8 ? 'srgb' : 'rgb16');
  const how: How = { quality, density, lossless: given === undefined && decoded.lossless === true };
  const times = timesOf(decoded.further);
  if (format !== 'avif' || metadata === undefined) {
    const file = await WRITERS[format](image, how, times).toBuffer();
    const noted = format === 'jpg' ? asBuffer(withDensityInJpeg(file, Math.min(Math.round(density), 65535))) : file;
    return metadata === undefined ? noted : described(noted, format, metadata, decoded);
  }
  // An AVIF's boxes are sharp's to write; it takes the metadata from a PNG.
  const png = described(await image.png({ compressionLevel: 1 }).toBuffer(), 'png', metadata, decoded);
  return WRITERS.avif(sharp(await png, open).keepMetadata(), how, times).toBuffer();
}

/** Pixels per inch of pictures whose file states none, as most programs take it. */
const USUAL_DENSITY = 72;

/** Puts metadata into a file. */
async function described(
  file: Buffer,
  format: PictureFileFormat,
  metadata: PictureMetadata,
  { picture }: Frame,
): Promise<Buffer> {
  const { exif, xmp } = metadata;
  if (format !== 'tiff') return asBuffer(withMetadata(file, metadata, picture));
  const packet = xmp === undefined ? undefined : new TextEncoder().encode(xmp);
  const more = new Map(packet ? [[XMP_FIELD, { kind: 1, count: packet.length, bytes: packet }] as const] : []);
  const parsed = exif && (await parseExif(exif));
  const none = { main: new Map(), exposure: new Map(), place: new Map() };
  return asBuffer(await withExifInTiff(file, parsed ?? none, more));
}

/** Tag of XMP in a TIFF. */
const XMP_FIELD = 700;

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/**
 * Requires that a format stores a picture of this size.
 * @param name name of the picture in messages; none if the caller adds it
 * @throws UserError for a picture that is wider or higher
 */
export function requireSides(
  { width, height }: { readonly width: number; readonly height: number },
  format: PictureFileFormat,
  name?: string,
): void {
  const most = LONGEST_SIDES[format] ?? Infinity;
  if (Math.max(width, height) > most)
    throw new UserError(
      `${name === undefined ? '' : `${name}: `}${format} stores at most ${most} pixels a side, and this picture has ${width}×${height}; write png or tiff`,
    );
}

/** @throws UserError for more frames than the format holds, or frames of different sizes */
function requireFrames(frames: readonly Frame[], format: PictureFileFormat): void {
  if (frames.length === 1) return;
  const one = 'restore one of them, with --frame 1 or in code { frame: 1 }';
  if (!FRAME_FORMATS.includes(format))
    throw new UserError(
      `${format} stores one frame, and this picture has ${frames.length}; write ${FRAME_FORMATS.join(', ')}, or ${one}`,
    );
  const [first, ...rest] = frames.map(({ picture: { width, height } }) => `${width}×${height}`);
  const other = rest.find((size) => size !== first);
  if (other !== undefined)
    throw new UserError(`its pages differ in size, ${first} and ${other}, and cannot be written together; ${one}`);
}

type Times = Pick<FurtherFrames, 'loop'> & { readonly delay?: number[] };

function timesOf(further: FurtherFrames | undefined): Times {
  const { delay, loop } = further ?? {};
  return { ...(delay && { delay: [...delay] }), ...(loop !== undefined && { loop }) };
}

/** Compression of a picture, and its size in print. */
interface How {
  readonly quality: number;
  /** True if a WebP is compressed without loss. */
  readonly lossless: boolean;
  /** Pixels per inch; of a TIFF alone, sharp takes it apart from the picture. */
  readonly density: number;
}

const WRITERS: Readonly<Record<PictureFileFormat, (image: Sharp, how: How, times: Times) => Sharp>> = {
  png: (image) => image.png(),
  jpg: (image, { quality }) => image.jpeg({ quality, chromaSubsampling: '4:4:4' }),
  webp: (image, { quality, lossless }, times) => image.webp({ ...(lossless ? { lossless } : { quality }), ...times }),
  avif: (image, { quality }) => image.avif({ quality }),
  tiff(image, { density }) {
    const perMillimetre = density / 25.4;
    return image.tiff({ compression: 'deflate', resolutionUnit: 'inch', xres: perMillimetre, yres: perMillimetre });
  },
  gif: (image, _how, times) => image.gif(times),
};

/** True if some pixel is not fully opaque. */
async function showsThrough(alpha: DecodedPicture['alpha']): Promise<boolean> {
  if (alpha === undefined) return false;
  const opaque = isUint16Array(alpha) ? 65535 : 255;
  for await (const part of new Breath().parts(alpha)) if (part.some((value) => value !== opaque)) return true;
  return false;
}

async function asTiff(
  { picture, alpha }: Frame,
  { depth, channels, density, profile }: TiffShape,
): Promise<Uint8Array> {
  const { width, height, data } = picture;
  const { bytes, pixels } = emptyTiff(picture, { depth, channels, density, profile });
  const level = depth === 8 ? byteOf : wordOf;
  const isFloat = isFloat32Array(data);
  // Conversion between 8 and 16 bits: 255 · 257 is 65535.
  const wider = isUint8Array(alpha) && depth === 16 ? 257 : 1;
  const narrower = isUint16Array(alpha) && depth === 8 ? 257 : 1;
  const opaque = depth === 8 ? 255 : 65535;
  const breath = new Breath();
  for (let y = 0; y < height; y++) {
    for (let i = y * width; i < (y + 1) * width; i++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = data[i * 3 + channel]!;
        pixels[i * channels + channel] = isFloat ? level(value) : depth === 8 ? value : value * 257;
      }
      if (channels === 4) pixels[i * 4 + 3] = alpha ? Math.round((alpha[i]! * wider) / narrower) : opaque;
    }
    await breath.take();
  }
  return bytes;
}
