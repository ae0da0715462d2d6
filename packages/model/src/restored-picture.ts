import {
  type EncodeOptions,
  encodePicture,
  formatNamed,
  messageOf,
  type OptionNames,
  type PictureFileFormat,
  pathOf,
  refuseUnknown,
  UserError,
  writeWhole,
} from '@unweather/core-tensor';
import { RestoredPixels } from './restored-pixels.js';

const ENCODE_OPTIONS: OptionNames<EncodeOptions> = { depth: true, quality: true, metadata: true };

/**
 * A restored picture that can be written to a file. It has the size, the alpha and the ICC profile of the input
 * picture, and its pixels are upright. EXIF and XMP data are carried over as well, unless less is chosen; a thumbnail,
 * which would show the original, is not.
 */
export class RestoredPicture extends RestoredPixels {
  /**
   * Writes a file atomically, in the format of its extension (.png, .jpg, .webp, .avif, .tiff, .gif), with the depth of
   * the input where the format holds it, and with all frames. A file that is replaced keeps its mode; a symbolic link
   * stays, and its target is written.
   * @param path path or `file:` URL; a path that exists wins
   * @throws UserError naming the file: another extension, a path that cannot be written, a depth, a transparency or
   * frames that the format cannot hold
   */
  async toFile(path: string | URL, options: EncodeOptions = {}): Promise<void> {
    const file = pathOf(path);
    const format = formatNamed(file);
    const bytes = await this.toBuffer(format, options).catch((thrown: unknown) => {
      throw thrown instanceof UserError ? new UserError(`${file}: ${messageOf(thrown)}`) : thrown;
    });
    await writeWhole(file, bytes);
  }

  /**
   * Encodes the bytes of a file.
   * @throws UserError for an unknown option, and a depth, a transparency or frames that the format cannot hold
   */
  async toBuffer(format: PictureFileFormat, options: EncodeOptions = {}): Promise<Buffer> {
    refuseUnknown('toFile and toBuffer', options, ENCODE_OPTIONS);
    return encodePicture(this.restored, format, options);
  }
}
