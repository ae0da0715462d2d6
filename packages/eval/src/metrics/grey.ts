import type { Picture } from '@unweather/core-tensor';
import type { Field } from './filter.js';

/** MATLAB's `rgb2gray`, rounded to bytes, of the upper left part of a picture. */
export function grey({ width: stride, data }: Picture, width: number, height: number): Field {
  const values = new Float64Array(width * height);
  for (let i = 0; i < values.length; i++) {
    const at = 3 * (Math.floor(i / width) * stride + (i % width));
    values[i] = Math.floor(0.2989 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]! + 0.5);
  }
  return { width, height, values };
}
