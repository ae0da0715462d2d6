import type { AnyPicture } from '@unweather/core-tensor';
import { type Channels, channelPlanes, emptyPlane, type Plane } from '../metrics/channels.js';

/** Extracts the numbers of a picture that are compared: bytes 0 … 255, or floats in [0, 1]. */
export type Colour = (picture: AnyPicture) => Channels;

/** All three channels. */
export const rgb: Colour = channelPlanes;

/**
 * OpenCV's 8-bit full-range luma of bytes, the Y of its YCrCb: (4899·R + 9617·G + 1868·B + 8192) >> 14, bytes 0 … 255.
 * Not MATLAB's studio-range Y (16 … 235), with which numbers must not be compared.
 */
export const lumaOpenCV: Colour = (picture) => onePlane(picture, emptyPlane(picture), lumaOfBytes);

/** {@link lumaOpenCV} of a picture whose channels are in the order blue, green, red. */
export const lumaOpenCVFromBgr: Colour = (picture) =>
  onePlane(picture, emptyPlane(picture), (blue, green, red) => lumaOfBytes(red, green, blue));

/**
 * Studio-range luma of BT.601 of floats in [0, 1], in float32, 16/255 … 235/255, as in BasicSR's lineage and MATLAB's
 * `rgb2ycbcr`. Not OpenCV's full-range Y, with which numbers must not be compared.
 */
export const lumaStudio: Colour = (picture) =>
  onePlane(picture, floatPlane(picture), (red, green, blue) =>
    Math.fround((65.481 * red + 128.553 * green + 24.966 * blue) / 255 + 16 / 255),
  );

/** Y of MATLAB's `rgb2ycbcr` of uint8 pictures: studio-range luma of bytes, rounded to bytes 16 … 235. */
export const lumaMatlab: Colour = (picture) =>
  onePlane(picture, emptyPlane(picture), (red, green, blue) => Math.round(studio(red, green, blue)));

/** BasicSR's `to_y_channel`: studio-range luma of bytes, not rounded; 16 … 235. */
export const lumaStudioOfBytes: Colour = (picture) => onePlane(picture, floatPlane(picture), studio);

/** The first channel only, for grey pictures. */
export const firstChannel: Colour = (picture) => onePlane(picture, emptyPlane(picture), (red) => red);

function onePlane(
  { width, height, data }: AnyPicture,
  plane: Plane,
  value: (red: number, green: number, blue: number) => number,
): Channels {
  for (let i = 0, from = 0; i < plane.length; i++, from += 3)
    plane[i] = value(data[from]!, data[from + 1]!, data[from + 2]!);
  return { width, height, planes: [plane] };
}

function floatPlane({ width, height }: AnyPicture): Float64Array {
  return new Float64Array(width * height);
}

/** BT.601's studio-range luma of the bytes of a pixel. */
function studio(red: number, green: number, blue: number): number {
  return 16 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255;
}

function lumaOfBytes(red: number, green: number, blue: number): number {
  return (4899 * red + 9617 * green + 1868 * blue + 8192) >> 14;
}
