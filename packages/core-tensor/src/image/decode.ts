import { Breath } from '../support/breath.js';
import { messageOf, UserError } from '../support/error.js';
import { isUint8Array } from '../support/kinds.js';
import type { AnyPicture } from './picture.js';
import { loadSharp } from './sharp.js';

/** A decoded picture, with everything needed to write it again in the same form. */
export interface DecodedPicture {
  /** Bytes where the file has 8 bits, floats in [0, 1] where it has more. */
  readonly picture: AnyPicture;
  /** Bits per number in the file: 8, or 16 for anything above. */
  readonly depth: 8 | 16;
  /** Opacity of every pixel, if the picture has an alpha channel: 0 … 255, or 0 … 65535 where the depth is 16. */
  readonly alpha?: Uint8Array | Uint16Array;
  /** ICC profile of the numbers in `picture`; absent for sRGB. */
  readonly profile?: Uint8Array;
}

/**
 * Decodes a picture (PNG, JPEG, WebP, TIFF, AVIF, GIF) as displayed: EXIF orientation applied, greyscale copied to
 * three channels. RGB numbers stay as stored, with their ICC profile beside them; greyscale with a profile, CMYK and
 * others are converted to sRGB.
 * @param name name of the picture in messages
 * @throws UserError naming the picture: truncated, or not a picture
 */
export async function decodePicture(bytes: Uint8Array, name: string): Promise<DecodedPicture> {
  const sharp = await loadSharp();
  try {
    const { depth: stored, space, icc } = await sharp(bytes, { failOn: 'error' }).metadata();
    const keeps = icc !== undefined && ['srgb', 'rgb', 'rgb16'].includes(space);
    const depth = stored === 'uchar' ? 8 : 16;
    const { data, info } = await sharp(bytes, { failOn: 'error', ignoreIcc: keeps })
      .autoOrient()
      .toColourspace(depth === 8 ? 'srgb' : 'rgb16')
      .raw({ depth: depth === 8 ? 'uchar' : 'ushort' })
      .toBuffer({ resolveWithObject: true });
    const numbers =
      depth === 8
        ? new Uint8Array(data.buffer, data.byteOffset, data.length)
        : new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
    return {
      ...(await parted(numbers, info.width, info.height, info.channels)),
      depth,
      ...(keeps && { profile: Uint8Array.from(icc) }),
    };
  } catch (thrown) {
    throw new UserError(`${name}: not a readable picture (${messageOf(thrown)}); give another one`);
  }
}

/** Separates colour and alpha; 16-bit colours become floats. */
async function parted(
  numbers: Uint8Array | Uint16Array,
  width: number,
  height: number,
  channels: number,
): Promise<Pick<DecodedPicture, 'picture' | 'alpha'>> {
  if (channels === 3 && isUint8Array(numbers)) return { picture: { width, height, data: numbers } };
  const size = width * height;
  const scale = isUint8Array(numbers) ? 1 : 65535;
  const data = isUint8Array(numbers) ? new Uint8Array(size * 3) : new Float32Array(size * 3);
  const kind = isUint8Array(numbers) ? Uint8Array : Uint16Array;
  const alpha = channels === 4 ? new kind(size) : undefined;
  const breath = new Breath();
  for (let y = 0; y < height; y++) {
    for (let i = y * width; i < (y + 1) * width; i++) {
      for (let channel = 0; channel < 3; channel++) data[i * 3 + channel] = numbers[i * channels + channel]! / scale;
      if (alpha) alpha[i] = numbers[i * channels + 3]!;
    }
    await breath.take();
  }
  return { picture: { width, height, data } as AnyPicture, ...(alpha && { alpha }) };
}
