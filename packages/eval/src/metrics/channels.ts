import { type AnyPicture, isBytes } from '@unweather/core-tensor';

/** Numbers of a picture, row by row: bytes 0 … 255, or floats. */
export type Plane = Uint8Array | Float64Array;

/** Planes of numbers to be compared, all of one size: one plane, or one per channel. */
export interface Channels {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly Plane[];
}

/** The three channels of a picture: bytes of bytes, floats of floats. */
export function channelPlanes(picture: AnyPicture): Channels {
  const { width, height, data } = picture;
  const [red, green, blue] = [emptyPlane(picture), emptyPlane(picture), emptyPlane(picture)];
  for (let i = 0, from = 0; i < red.length; i++, from += 3) {
    red[i] = data[from]!;
    green[i] = data[from + 1]!;
    blue[i] = data[from + 2]!;
  }
  return { width, height, planes: [red, green, blue] };
}

/** A plane for a picture's numbers, of the picture's own kind. */
export function emptyPlane(picture: AnyPicture): Plane {
  const size = picture.width * picture.height;
  return isBytes(picture) ? new Uint8Array(size) : new Float64Array(size);
}
