import { messageOf, UserError } from '../support/error.js';
import { type NamedBytes, readWhole } from '../support/files.js';
import { isFloat32Array, isUint8Array, isUint16Array } from '../support/kinds.js';
import { writeWhole } from '../support/write-whole.js';
import { type PictureHeader, readHeader } from './header.js';
import type { Picture } from './picture.js';
import { readSamples, type Samples } from './samples.js';
import { loadSharp } from './sharp.js';

/**
 * Decodes a picture file (PNG, JPEG, WebP, TIFF, AVIF, GIF) to 8-bit RGB in sRGB. EXIF orientation and a PNG's gAMA are
 * applied; greyscale is copied to the three channels; an alpha channel is dropped; 16 bits, 32 bits and floats from 0 to
 * 1 become 8 bits.
 * @param source path of the file, or its bytes with a name for messages
 * @throws UserError naming the file: missing, unreadable, truncated, not a picture, of several frames, or of samples
 * that cannot be scaled
 */
export async function readPicture(source: string | NamedBytes): Promise<Picture> {
  const { name: path, bytes } =
    typeof source === 'string' ? { name: source, bytes: await readWhole(source, 'check the path') } : source;
  const header = await oneFrame(bytes, path, REPLACE);
  try {
    return bytesOf(await readSamples(bytes, header, { page: 0, keepNumbers: false }));
  } catch (thrown) {
    const reason = messageOf(thrown);
    if (thrown instanceof UserError) throw new UserError(`${path}: ${reason}`);
    throw new UserError(`${path}: not a readable picture (${reason}); ${REPLACE}`);
  }
}

/**
 * Reads only the header of a picture file: its size after EXIF orientation.
 * @throws UserError as {@link readPicture}.
 */
export async function pictureSize(path: string): Promise<{ width: number; height: number }> {
  const { width, height } = await oneFrame(path, path, 'check the path or replace the file');
  return { width, height };
}

const REPLACE = 'replace the file';

/** Reads the header of a picture of a single frame. */
async function oneFrame(source: Uint8Array | string, path: string, remedy: string): Promise<PictureHeader> {
  const header = await readHeader(source, path, remedy);
  if (header.frames > 1)
    throw new UserError(
      `${path}: has ${header.frames} frames, where one is needed; save that one as a file of its own`,
    );
  return header;
}

/** Colours of samples as bytes, without alpha. */
function bytesOf({ numbers, width, height, channels }: Samples): Picture {
  if (channels === 3 && isUint8Array(numbers)) return { width, height, data: numbers };
  const data = new Uint8Array(width * height * 3);
  const byte = isUint16Array(numbers)
    ? (value: number) => value >> 8
    : isFloat32Array(numbers)
      ? (value: number) => Math.round(value * 255)
      : (value: number) => value;
  for (let i = 0; i < width * height; i++)
    for (let channel = 0; channel < 3; channel++)
      data[i * 3 + channel] = byte(numbers[i * channels + (channels < 3 ? 0 : channel)]!);
  return { width, height, data };
}

/** Writes a picture as PNG, whole or not at all. @throws UserError naming the file. */
export async function writePng(path: string, picture: Picture): Promise<void> {
  const sharp = await loadSharp();
  const { width, height, data } = picture;
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  await writeWhole(path, png);
}
