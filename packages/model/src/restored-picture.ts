import { fileURLToPath } from 'node:url';
import {
  type EncodeOptions,
  encodePicture,
  formatNamed,
  messageOf,
  type PictureFileFormat,
  UserError,
  writeWhole,
} from '@unweather/core-tensor';
import { RestoredPixels } from './restored-pixels.js';

/**
 * What came out, to be written. Size and alpha are those of the picture that went in, its ICC profile is attached, and
 * its pixels are upright. No other metadata is carried over: no date, no place, no thumbnail of what it was before.
 */
export class RestoredPicture extends RestoredPixels {
  /**
   * Writes a file in the format that its ending names (.png, .jpg, .webp, .avif, .tiff), whole or not at all.
   * @throws UserError naming the file: another ending, no place to write, a depth or a transparency that the format
   * cannot hold
   */
  async toFile(path: string | URL, options: EncodeOptions = {}): Promise<void> {
    const file = typeof path === 'string' ? path : fileURLToPath(path);
    const format = formatNamed(file);
    const bytes = await this.toBuffer(format, options).catch((thrown: unknown) => {
      throw thrown instanceof UserError ? new UserError(`${file}: ${messageOf(thrown)}`) : thrown;
    });
    await writeWhole(file, bytes);
  }

  /** The bytes of a file. @throws UserError for a depth or a transparency that the format cannot hold */
  toBuffer(format: PictureFileFormat, options: EncodeOptions = {}): Promise<Buffer> {
    return encodePicture(this.restored, format, options);
  }
}
