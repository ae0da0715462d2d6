import type { AnyPicture } from '@unweather/core-tensor';
import type { Channels } from '../metrics/channels.js';

/** Which numbers of a picture are compared: bytes 0 … 255, or floats of [0, 1]. */
export type Colour = (picture: AnyPicture) => Channels;

/** All three channels. */
export const rgb: Colour = ({ width, height, data }) => ({
  width,
  height,
  planes: [0, 1, 2].map((channel) => Float64Array.from({ length: width * height }, (_, i) => data[i * 3 + channel]!)),
});

/**
 * Of bytes: OpenCV's 8-bit full-range luma, the Y of its YCrCb: (4899·R + 9617·G + 1868·B + 8192) >> 14, bytes 0 … 255.
 * Not MATLAB's studio-range Y (16 … 235), with which numbers must not be compared.
 */
export const lumaOpenCV: Colour = ({ width, height, data }) => ({
  width,
  height,
  planes: [
    Float64Array.from({ length: width * height }, (_, i) => luma(data[i * 3]!, data[i * 3 + 1]!, data[i * 3 + 2]!)),
  ],
});

/** {@link lumaOpenCV} of a picture whose channels are held in the order blue, green, red. */
export const lumaOpenCVFromBgr: Colour = ({ width, height, data }) => ({
  width,
  height,
  planes: [
    Float64Array.from({ length: width * height }, (_, i) => luma(data[i * 3 + 2]!, data[i * 3 + 1]!, data[i * 3]!)),
  ],
});

/**
 * Of floats in [0, 1]: the studio-range luma of BT.601 in float32, 16/255 … 235/255, as BasicSR's lineage and MATLAB's
 * `rgb2ycbcr` have it. Not OpenCV's full-range Y, with which numbers must not be compared.
 */
export const lumaStudio: Colour = ({ width, height, data }) => ({
  width,
  height,
  planes: [
    Float64Array.from({ length: width * height }, (_, i) =>
      Math.fround((65.481 * data[i * 3]! + 128.553 * data[i * 3 + 1]! + 24.966 * data[i * 3 + 2]!) / 255 + 16 / 255),
    ),
  ],
});

/** Of bytes: MATLAB's `rgb2ycbcr` of uint8 pictures, Y alone: studio-range luma, rounded to bytes 16 … 235. */
export const lumaMatlab: Colour = ({ width, height, data }) => ({
  width,
  height,
  planes: [Float64Array.from({ length: width * height }, (_, i) => Math.round(studio(data, i)))],
});

/** Of bytes: BasicSR's `to_y_channel`: the same luma, not rounded; 16 … 235. */
export const lumaStudioOfBytes: Colour = ({ width, height, data }) => ({
  width,
  height,
  planes: [Float64Array.from({ length: width * height }, (_, i) => studio(data, i))],
});

/** The first channel alone, for pictures that are grey. */
export const firstChannel: Colour = ({ width, height, data }) => ({
  width,
  height,
  planes: [Float64Array.from({ length: width * height }, (_, i) => data[i * 3]!)],
});

/** BT.601's studio-range luma of the bytes of a pixel. */
function studio(data: ArrayLike<number>, i: number): number {
  return 16 + (65.481 * data[i * 3]! + 128.553 * data[i * 3 + 1]! + 24.966 * data[i * 3 + 2]!) / 255;
}

function luma(red: number, green: number, blue: number): number {
  return (4899 * red + 9617 * green + 1868 * blue + 8192) >> 14;
}
