import type { Picture } from '@unweather/core-tensor';

/** Linear light, 0 … 1, of every byte of an sRGB picture (IEC 61966-2-1). */
const LINEAR = Float32Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/** Converts to light on the sensor: linear, 0 … 1, interleaved like the picture. */
export function linearLight({ data }: Picture): Float32Array {
  return new Float32Array(data).map((byte) => LINEAR[byte]!);
}

/** Converts linear light to an sRGB byte, rounded; clips to 0 … 1, as a sensor does. */
export function developed(light: number): number {
  const clipped = Math.min(Math.max(light, 0), 1);
  return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055));
}

/** Maps a position outside of 0 … size − 1 back inside by mirroring at the border. */
export function mirroredPlace(position: number, size: number): number {
  const period = 2 * size;
  const place = ((position % period) + period) % period;
  return place < size ? place : period - 1 - place;
}
