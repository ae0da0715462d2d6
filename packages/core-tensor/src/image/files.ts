import { messageOf, UserError } from '../support/error.js';
import { fileReason, readWhole } from '../support/files.js';
import { writeWhole } from '../support/write-whole.js';
import type { Picture } from './picture.js';
import { loadSharp } from './sharp.js';

/**
 * Decodes a picture file (PNG, JPEG, WebP, TIFF, AVIF, GIF) to 8-bit RGB. EXIF orientation is applied; greyscale is
 * copied to the three channels; an alpha channel is dropped; 16 bits become 8.
 * @throws UserError naming the file: missing, unreadable, truncated, or not a picture.
 */
export async function readPicture(path: string): Promise<Picture> {
  const bytes = await readWhole(path, 'check the path');
  const sharp = await loadSharp();
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error' })
      .autoOrient()
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  } catch (thrown) {
    throw new UserError(`${path}: not a readable picture (${messageOf(thrown)}); replace the file`);
  }
}

/**
 * Reads only the header of a picture file: its size after EXIF orientation.
 * @throws UserError as {@link readPicture}.
 */
export async function pictureSize(path: string): Promise<{ width: number; height: number }> {
  const sharp = await loadSharp();
  try {
    const { autoOrient } = await sharp(path).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch (thrown) {
    throw new UserError(`${path}: not a readable picture (${fileReason(thrown)}); check the path or replace the file`);
  }
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
