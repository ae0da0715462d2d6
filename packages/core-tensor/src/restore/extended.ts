import type { AnyPicture } from '../image/picture.js';

/** The picture continued to the right and at the bottom, by mirroring, until its sides divide by `multiple`. */
export function extended<P extends AnyPicture>(picture: P, multiple: number): P {
  const up = (side: number) => Math.ceil(side / multiple) * multiple;
  const [width, height] = [up(picture.width), up(picture.height)];
  if (width === picture.width && height === picture.height) return picture;
  const data = new (picture.data.constructor as new (length: number) => P['data'])(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (mirror(y, picture.height) * picture.width + mirror(x, picture.width)) * 3;
      data.set(picture.data.subarray(from, from + 3), (y * width + x) * 3);
    }
  return { width, height, data } as P;
}

/** The place that a position mirrors, without repeating the last one, in an axis of `size`. */
function mirror(position: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const place = position % period;
  return place < size ? place : period - place;
}
