import { type AnyPicture, type Picture, type Random, toBytes } from '@unweather/core-tensor';
import sharp from 'sharp';
import { logBetween } from './degrade/draw.js';

/** A change of a photograph's scale and tones. */
export interface PhotoJitter {
  /** Pixels of the photograph per pixel of the patch, along each side. */
  readonly shrink: number;
  /** Factor on each value's distance from mid-grey. */
  readonly contrast: number;
  /** Added to every value, in levels of 255. */
  readonly brightness: number;
}

/** Most pixels of a photograph per pixel of a patch. */
const MOST_SHRINK = 2.5;
const CONTRAST = [0.8, 1.6] as const;
/** Largest change of brightness, in levels of 255. */
const BRIGHTNESS = 25;

/**
 * Draws a change for three quarters of the patches. Photographs of the web are smaller and harsher than a camera's:
 * their texture is as fine as light rain, and their contrast as strong. A network that never saw such texture takes it
 * for rain.
 */
export function drawPhotoJitter(random: Random): PhotoJitter | undefined {
  if (random.uniform() < 0.25) return undefined;
  return {
    shrink: logBetween([1, MOST_SHRINK], random),
    contrast: logBetween(CONTRAST, random),
    brightness: random.between(-BRIGHTNESS, BRIGHTNESS),
  };
}

/** Shrinks a picture to a size (Lanczos), then changes its tones, clamped. Floats become bytes. */
export async function withPhotoJitter(
  picture: AnyPicture,
  { contrast, brightness }: PhotoJitter,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Picture> {
  const { data, ...from } = toBytes(picture);
  const { buffer, byteOffset, length } = await sharp(data, { raw: { ...from, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    .linear(contrast, 127.5 * (1 - contrast) + brightness)
    .raw()
    .toBuffer();
  return { width, height, data: new Uint8Array(buffer as ArrayBuffer, byteOffset, length) };
}
