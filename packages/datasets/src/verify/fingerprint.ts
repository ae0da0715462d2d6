import { type AnyPicture, toBytes } from '@unweather/core-tensor';
import sharp from 'sharp';

/** Perceptual hash of a picture, used to compare scenes: 64 bits in two words of 32. */
export type Fingerprint = readonly [number, number];

const [SIDE, LOW] = [32, 8];

/** COSINES[k][n] = cos(π (2n + 1) k / 64), the first nine rows of the discrete cosine transform of 32 numbers. */
const COSINES = Array.from({ length: LOW + 1 }, (_, k) =>
  Array.from({ length: SIDE }, (_, n) => Math.cos((Math.PI * (2 * n + 1) * k) / (2 * SIDE))),
);

/**
 * Computes a perceptual hash: the picture is made grey and resized to 32×32; a bit is set if one of the 8×8 lowest
 * frequencies (without the constant ones) is at or above their median. Written here because sharp-phash, the library
 * for it, computes all 1024 frequencies for these 64, and its types do not fit its exports.
 */
export async function fingerprint(picture: AnyPicture): Promise<Fingerprint> {
  const { width, height, data } = toBytes(picture);
  const small = await sharp(data, { raw: { width, height, channels: 3 } })
    .greyscale()
    .resize(SIDE, SIDE, { fit: 'fill' })
    .raw()
    .toBuffer();
  const rows = Array.from({ length: SIDE }, (_, y) =>
    COSINES.map((wave) => wave.reduce((sum, value, x) => sum + value * small[y * SIDE + x]!, 0)),
  );
  const low: number[] = [];
  for (let v = 1; v <= LOW; v++)
    for (let u = 1; u <= LOW; u++) low.push(COSINES[v]!.reduce((sum, value, y) => sum + value * rows[y]![u]!, 0));
  const median = [...low].sort((a, b) => a - b)[low.length / 2]!;
  const word = (from: number) =>
    low.slice(from, from + 32).reduce((bits, value, i) => bits | (Number(value >= median) << i), 0);
  return [word(0), word(32)];
}

/** Counts the bits, of 64, in which two fingerprints differ. */
export function distance([a, b]: Fingerprint, [c, d]: Fingerprint): number {
  return ones(a ^ c) + ones(b ^ d);
}

/** Counts the set bits of a word by adding neighbours. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const quads = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return (((quads + (quads >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
