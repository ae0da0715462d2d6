import { type AnyPicture, isBytes, type Picture, type Random } from '@unweather/core-tensor';
import sharp from 'sharp';

/** Side of JPEG's blocks. */
export const BLOCK = 8;

/** Compression of a patch. */
export interface Compression {
  /** JPEG's quality, 1 to 100. */
  readonly quality: number;
  /** The clean picture is compressed first, as where a benchmark was made of photographs of the web. */
  readonly truthToo: boolean;
  /** First pixel of the patch in the picture that is compressed: its place in the grid of blocks. */
  readonly left: number;
  readonly top: number;
}

/**
 * Of 70 % of the patches; half of these by quality 75, which DID-MDN's files have, the others by 60 to 95; of half the clean
 * picture is compressed, too.
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

/** Picture as its JPEG holds it; colour at half of the size, as cameras and the web have it. Floats become bytes. */
export async function throughJpeg(picture: AnyPicture, quality: number): Promise<Picture> {
  const { width, height, data } = picture;
  const bytes = isBytes(picture) ? picture.data : new Uint8ClampedArray(data.map((value) => value * 255));
  const jpeg = await sharp(bytes, { raw: { width, height, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: '4:2:0' })
    .toBuffer();
  const decoded = await sharp(jpeg).raw().toBuffer();
  return { width, height, data: new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.length) };
}
