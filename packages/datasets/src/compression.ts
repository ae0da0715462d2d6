import { type AnyPicture, isBytes, type Picture, type Random } from '@unweather/core-tensor';
import sharp from 'sharp';

/** Side of JPEG's blocks. */
export const BLOCK = 8;

/** Compression of a patch. */
export interface Compression {
  /** JPEG's quality, 1 to 100. */
  readonly quality: number;
  /** True if the clean picture is compressed first, as in benchmarks made from photographs of the web. */
  readonly truthToo: boolean;
  /** Offset of the patch in the compressed picture, and so in the grid of blocks. */
  readonly left: number;
  readonly top: number;
}

/**
 * Draws a compression for 70 % of the patches: half of these at quality 75, as DID-MDN's files, the others at 60 to 95.
 * In half of them the clean picture is compressed, too.
 */
export function drawCompression(random: Random): Compression | undefined {
  if (random.uniform() >= 0.7) return undefined;
  return {
    quality: random.uniform() < 0.5 ? 75 : 60 + random.integer(36),
    truthToo: random.uniform() < 0.5,
    left: random.integer(BLOCK),
    top: random.integer(BLOCK),
  };
}

/** Encodes as JPEG and decodes, with colour at half of the size, as cameras and the web do. Floats become bytes. */
export async function throughJpeg(picture: AnyPicture, quality: number): Promise<Picture> {
  const { width, height, data } = picture;
  const bytes = isBytes(picture) ? picture.data : new Uint8ClampedArray(data.map((value) => value * 255));
  const jpeg = await sharp(bytes, { raw: { width, height, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: '4:2:0' })
    .toBuffer();
  const decoded = await sharp(jpeg).raw().toBuffer();
  return { width, height, data: new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.length) };
}
