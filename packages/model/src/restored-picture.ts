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
 * A restored picture that can be written to a file. It has the size, the alpha and the ICC profile of the input
 * picture, and its pixels are upright. EXIF and XMP data are carried over as well, unless less is chosen; a thumbnail,
 * which would show the original, is not.
 */
export class RestoredPicture extends RestoredPixels {
  /**
   * Writes a file atomically, in the format of its extension (.png, .jpg, .webp, .avif, .tiff, .gif), with the depth of
   * the input where the format holds it, and with all frames.
   * @throws UserError naming the file: another extension, a path that cannot be written, a depth, a transparency or
   * frames that the format cannot hold
   */
  async toFile(path: string | URL, options: EncodeOptions = {}): Promise<void> {
    const file = typeof path === 'string' ? path : fileURLToPath(path);
    const format = formatNamed(file);
    const bytes = await this.toBuffer(format, options).catch((thrown: unknown) => {
      throw thrown instanceof UserError ? new UserError(`${file}: ${messageOf(thrown)}`) : thrown;
    });
    await writeWhole(file, bytes);
  }

  /** Encodes the bytes of a file. @throws UserError for a depth, a transparency or frames that the format cannot hold */
  toBuffer(format: PictureFileFormat, options: EncodeOptions = {}): Promise<Buffer> {
    return encodePicture(this.restored, format, options);
  }
}
