import { createHash } from 'node:crypto';
import { messageOf, readPicture, readWhole, UserError } from '@unweather/core-tensor';
import sharp from 'sharp';
import { openPicture, sizeOf } from '../picture-file.js';

/** Conversions that {@link readPicture} makes on reading, by kind of picture. */
export const CONVERSIONS = {
  alpha: 'with an alpha channel, which is dropped',
  deep: 'with 16 bits a channel, read with 8',
  grey: 'grey, spread over three channels',
  cmyk: 'CMYK, converted to sRGB',
  turned: 'turned upright by their EXIF orientation',
} as const;

export type Conversion = keyof typeof CONVERSIONS;

/** Result of checking a file. */
export interface CheckedFile {
  readonly sha256: string;
  readonly conversions: readonly Conversion[];
  /** Sizes of the pictures in the file, by their names. */
  readonly sizes: ReadonlyMap<string, { readonly width: number; readonly height: number }>;
}

/**
 * Reads a file, decodes it whole and hashes it.
 * @param names names of its pictures (`pair.jpg#left`), each a path
 * @returns the reason, as a sentence, if the file cannot be used
 */
export async function checkFile(path: string, names: readonly string[]): Promise<CheckedFile | string> {
  try {
    const bytes = await readWhole(path, 'complete the download');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const hdf5 = /\.h5$/i.test(path);
    if (!hdf5) await readPicture(path);
    const sizes = new Map<string, { width: number; height: number }>();
    for (const name of names) sizes.set(name, await (hdf5 ? openPicture(name) : sizeOf(name)));
    return { sha256, sizes, conversions: hdf5 ? [] : await conversionsOf(bytes) };
  } catch (thrown) {
    if (thrown instanceof UserError) return messageOf(thrown);
    throw thrown;
  }
}

async function conversionsOf(bytes: Buffer): Promise<Conversion[]> {
  const { hasAlpha, depth, space, orientation = 1 } = await sharp(bytes).metadata();
  const applies: Record<Conversion, boolean> = {
    alpha: hasAlpha,
    deep: depth !== 'uchar',
    grey: space === 'b-w' || space === 'grey16',
    cmyk: space === 'cmyk',
    turned: orientation > 1,
  };
  return (Object.keys(CONVERSIONS) as Conversion[]).filter((conversion) => applies[conversion]);
}
