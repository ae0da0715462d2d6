import { open } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import { messageOf, UserError } from '../support/error.js';
import { fileReason, isStream } from '../support/files.js';
import { numberOf, type ReadAt, readDirectory, readingFrom, type TiffStart, tiffStart } from './metadata/directory.js';
import { isPng, readPngFacts } from './png-chunks.js';
import { loadSharp } from './sharp.js';

/** What a picture file says of itself before its pixels are decoded. */
export interface PictureHeader {
  /** Name of the format: "png", "jpeg", "webp", "tiff", "gif", "heif". */
  readonly format: string;
  /** Width after EXIF orientation. */
  readonly width: number;
  /** Height after EXIF orientation. */
  readonly height: number;
  /** Number of frames of an animation, or pages of a document; thumbnails of a TIFF do not count. */
  readonly frames: number;
  /** True if only the first frame can be decoded: an animated PNG. */
  readonly firstOnly: boolean;
  /** Exponent of a PNG's gAMA, if it is not about sRGB's. */
  readonly gamma?: number;
  /** Everything that sharp read. */
  readonly stored: Metadata;
}

/** Most pixels that are decoded at a time, whatever a small file claims to hold. */
export const MOST_PIXELS = 0x3fff * 0x3fff;

/** Kinds of numbers that cannot be scaled to a picture, by libvips's names. */
const UNSCALED: Readonly<Record<string, string>> = {
  char: 'signed 8-bit numbers',
  short: 'signed 16-bit numbers',
  int: 'signed 32-bit numbers',
  complex: 'complex numbers',
  dpcomplex: 'complex numbers',
};

/**
 * Reads the header of a picture, by its content alone.
 * @param source bytes, or the path of a file, of which no more than needed is read
 * @param name name of the picture in messages
 * @param remedy what to do about a file that is not a picture
 * @throws UserError naming the picture: not a picture, or one of a kind that is not decoded, with what to do
 */
export async function readHeader(
  source: Uint8Array | string,
  name: string,
  remedy = 'give another one',
): Promise<PictureHeader> {
  if (typeof source !== 'string') return headerOf(source, readingFrom(source), name, remedy);
  const unreadable = (thrown: unknown) => {
    throw new UserError(`${name}: cannot be read (${fileReason(thrown)}); check the path`);
  };
  if (await isStream(source).catch(unreadable)) throw new UserError(`${name}: ${STREAM}; ${remedy}`);
  const file = await open(source).catch(unreadable);
  try {
    const read: ReadAt = async (at, length) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, at);
      return buffer.subarray(0, bytesRead);
    };
    return await headerOf(source, read, name, remedy);
  } finally {
    await file.close();
  }
}

async function headerOf(
  source: Uint8Array | string,
  read: ReadAt,
  name: string,
  remedy: string,
): Promise<PictureHeader> {
  const head = await read(0, 1024).catch((thrown: unknown) => {
    throw new UserError(`${name}: cannot be read (${fileReason(thrown)}); check the path`);
  });
  const beginning = printable(head);
  if (DRAWINGS.test(beginning)) throw new UserError(`${name}: ${DRAWING}`);
  if (CANON_RAW.test(beginning)) throw new UserError(`${name}: ${RAW}`);
  const sharp = await loadSharp();
  // An async function, since sharp refuses an empty file already when it is given one.
  const stored = await (async () => sharp(source, { failOn: 'error', limitInputPixels: false }).metadata())().catch(
    (thrown: unknown) => {
      const kind = UNDECODED.find(([pattern]) => pattern.test(beginning))?.[1];
      if (kind !== undefined) throw new UserError(`${name}: ${undecoded(kind)}`);
      throw new UserError(`${name}: not a readable picture (${messageOf(thrown)}); ${remedy}`);
    },
  );
  const { format, depth, space, channels, hasAlpha, compression } = stored;
  if (format === 'svg' || format === 'pdf') throw new UserError(`${name}: ${DRAWING}`);
  const hevc = sharp.format.heif.input.fileSuffix?.includes('.heic') ?? false;
  if (format === 'heif' && compression !== 'av1' && !hevc) throw new UserError(`${name}: ${undecoded('HEIC')}`);
  const signed = UNSCALED[depth];
  if (signed !== undefined)
    throw new UserError(
      `${name}: its samples are ${signed}, whose black and white are not known; convert it to 8 or 16 bits, or to floats from 0 to 1`,
    );
  const wide = depth === 'float' || depth === 'uint';
  if (wide && (space === 'grey16' || (space === 'b-w' && hasAlpha)))
    throw new UserError(
      `${name}: grey samples of ${space === 'grey16' ? '16-bit floats' : '32 bits with an alpha channel'} are not decoded; convert it to 8 or 16 bits`,
    );
  if ((channels as number) > (space === 'cmyk' ? 5 : 4))
    throw new UserError(`${name}: has ${channels} channels; a picture has up to three, and an alpha channel`);
  const { width, height } = stored.autoOrient;
  if (width * height > MOST_PIXELS)
    throw new UserError(`${name}: is ${width}×${height}, ${tooMany(width * height)}; cut it into parts`);
  const facts = await factsOf(stored, head, read, name);
  return { format, width, height, stored, ...facts };
}

async function factsOf(
  { format, pages = 1 }: Metadata,
  head: Uint8Array,
  read: ReadAt,
  name: string,
): Promise<Pick<PictureHeader, 'frames' | 'firstOnly' | 'gamma'>> {
  if (format === 'png' && isPng(head)) {
    const { frames, gamma } = await readPngFacts(read);
    return { frames, firstOnly: frames > 1, ...(gamma !== undefined && { gamma }) };
  }
  const start = format === 'tiff' ? tiffStart(head) : undefined;
  return { frames: start === undefined ? pages : await tiffPages(read, start, pages, name), firstOnly: false };
}

/** Says that pixels are more than are decoded. */
export function tooMany(pixels: number): string {
  const millions = (count: number) => Math.round(count / 1e6);
  return `${millions(pixels)} million pixels, more than the ${millions(MOST_PIXELS)} million that are decoded at a time`;
}

const SUBFILE = 254;
const DNG_VERSION = 50706;

/** Counts the pages of a TIFF, without the smaller copies at its end. @throws UserError for a camera's raw file */
async function tiffPages(read: ReadAt, start: TiffStart, pages: number, name: string): Promise<number> {
  let at = start.at;
  for (let page = 0; page < pages && at !== 0; page++) {
    const { fields, next } = await readDirectory(read, { ...start, at });
    const copy = ((numberOf(fields.get(SUBFILE)) ?? 0) & 1) === 1;
    if (page === 0 && (copy || fields.has(DNG_VERSION))) throw new UserError(`${name}: ${RAW}`);
    if (copy) return page;
    at = next;
  }
  return pages;
}

/** Reason for leaving pipes and the like out of folders. */
export const STREAM = 'is a pipe, a socket or a device, not a file';
const DRAWING = 'is a drawing or a document, not a picture of pixels; export it as PNG';
const RAW = 'is a camera’s raw file, of which only the preview could be read; develop it to TIFF, PNG or JPEG';
const undecoded = (kind: string) => `is ${kind}, which cannot be decoded here; convert it to PNG, JPEG, WebP or TIFF`;

/** Bytes as letters of Latin-1, with dots for control characters, as a hex viewer shows them. */
function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 || BLANKS.includes(byte) ? String.fromCharCode(byte) : '.')).join(
    '',
  );
}

/** Tab, line feed, carriage return. */
const BLANKS = [0x09, 0x0a, 0x0d];

const DRAWINGS = /^(\xef\xbb\xbf)?\s*<(svg|\?xml.*<svg)|^%PDF/is;
/** The header of a TIFF, then "CR". */
const CANON_RAW = /^II\*\..{4}CR/s;

/** Beginnings of files of known kinds that usual builds of sharp do not decode. */
const UNDECODED: readonly (readonly [RegExp, string])[] = [
  [/^BM.{4}\.{4}/s, 'BMP'],
  [/^.{4}ftyp(hei[cxms]|hev[cx]|mif1)/s, 'HEIC'],
  [/^8BPS/s, 'a Photoshop document'],
  [/^(\xff\n|\.{4}JXL )/s, 'JPEG XL'],
  [/^\.{4}jP {2}/s, 'JPEG 2000'],
];
