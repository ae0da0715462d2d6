import type { Sharp } from 'sharp';
import { Breath } from '../support/breath.js';
import { UserError } from '../support/error.js';
import { isFloat32Array, isUint8Array, isUint16Array } from '../support/kinds.js';
import { valueText } from '../support/value-text.js';
import type { DecodedPicture } from './decode.js';
import { PICTURE_FORMATS, type PictureFileFormat } from './formats.js';
import { byteOf, wordOf } from './levels.js';
import { loadSharp } from './sharp.js';
import { emptyTiff } from './tiff.js';

/** Options for encoding a picture. */
export interface EncodeOptions {
  /** Bits per number; 16 in PNG and TIFF only. Default: 8. */
  readonly depth?: 8 | 16;
  /** Quality of JPEG, WebP and AVIF, 1 to 100; default: 90. PNG and TIFF are lossless. */
  readonly quality?: number;
}

/** Finds the format of a file by its name. @throws UserError listing the known endings */
export function formatNamed(path: string): PictureFileFormat {
  const ending = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const name = ending === 'jpeg' ? 'jpg' : ending === 'tif' ? 'tiff' : ending;
  const format = PICTURE_FORMATS.find((known) => known === name);
  if (format !== undefined) return format;
  throw new UserError(`${path}: the name must end in .${PICTURE_FORMATS.join(', .')}; choose one of these formats`);
}

/**
 * Encodes a picture with its alpha and its ICC profile. Floats are clamped, and truncated to 8 bits, as the papers'
 * scripts do, or rounded to 16.
 * @throws UserError if the format cannot hold the depth or the transparency
 */
export async function encodePicture(
  decoded: Omit<DecodedPicture, 'depth'>,
  format: PictureFileFormat,
  { depth = 8, quality = 90 }: EncodeOptions = {},
): Promise<Buffer> {
  if (!PICTURE_FORMATS.includes(format))
    throw new UserError(`there is no picture format "${format}"; choose one of ${PICTURE_FORMATS.join(', ')}`);
  if (depth !== 8 && depth !== 16) throw new UserError(`depth is ${valueText(depth)}; give 8 or 16`);
  if (depth === 16 && format !== 'png' && format !== 'tiff')
    throw new UserError(`${format} cannot store 16 bits per channel; write png or tiff, or leave out the depth`);
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100))
    throw new UserError(`quality is ${valueText(quality)}; give a whole number from 1 to 100`);
  const alpha = seen(decoded.alpha);
  if (format === 'jpg' && alpha)
    throw new UserError('JPEG cannot store transparency, which this picture has; write png, webp, avif or tiff');
  const sharp = await loadSharp();
  const image = sharp(await asTiff({ ...decoded, alpha }, depth), { limitInputPixels: false })
    .keepIccProfile()
    .toColourspace(depth === 8 ? 'srgb' : 'rgb16');
  return WRITERS[format](image, quality).toBuffer();
}

const WRITERS: Readonly<Record<PictureFileFormat, (image: Sharp, quality: number) => Sharp>> = {
  png: (image) => image.png(),
  jpg: (image, quality) => image.jpeg({ quality, chromaSubsampling: '4:4:4' }),
  webp: (image, quality) => image.webp({ quality }),
  avif: (image, quality) => image.avif({ quality }),
  tiff: (image) => image.tiff({ compression: 'deflate' }),
};

/** Drops an alpha channel that is fully opaque. */
function seen(alpha: DecodedPicture['alpha']): DecodedPicture['alpha'] {
  const opaque = isUint16Array(alpha) ? 65535 : 255;
  return alpha?.some((value) => value !== opaque) ? alpha : undefined;
}

async function asTiff(
  { picture, alpha, profile }: Omit<DecodedPicture, 'depth' | 'alpha'> & { alpha: DecodedPicture['alpha'] },
  depth: 8 | 16,
): Promise<Uint8Array> {
  const { width, height, data } = picture;
  const channels = alpha ? 4 : 3;
  const { bytes, pixels } = emptyTiff(picture, channels, depth, profile);
  const level = depth === 8 ? byteOf : wordOf;
  const isFloat = isFloat32Array(data);
  // Conversion between 8 and 16 bits: 255 · 257 is 65535.
  const wider = isUint8Array(alpha) && depth === 16 ? 257 : 1;
  const narrower = isUint16Array(alpha) && depth === 8 ? 257 : 1;
  const breath = new Breath();
  for (let y = 0; y < height; y++) {
    for (let i = y * width; i < (y + 1) * width; i++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = data[i * 3 + channel]!;
        pixels[i * channels + channel] = isFloat ? level(value) : depth === 8 ? value : value * 257;
      }
      if (alpha) pixels[i * channels + 3] = Math.round((alpha[i]! * wider) / narrower);
    }
    await breath.take();
  }
  return bytes;
}
