import { byteOf, type DecodedPicture, type FloatPicture, isUint16Array } from '@unweather/core-tensor';
import type { Planes } from './pixels.js';

/** Pixels as a canvas takes them: `new ImageData(data, width, height)`. */
export interface RestoredImageData {
  /** RGBA, rows top to bottom, alpha not multiplied. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** A restored picture in memory. */
export class RestoredPixels {
  constructor(
    /** RGB, nominally in [0, 1], not clamped; with alpha and ICC profile of the input picture. */
    readonly restored: Omit<DecodedPicture, 'depth'> & { readonly picture: FloatPicture },
  ) {}

  /** Width of the upright picture, in pixels. */
  get width(): number {
    return this.restored.picture.width;
  }

  /** Height of the upright picture, in pixels. */
  get height(): number {
    return this.restored.picture.height;
  }

  /** RGBA bytes for `putImageData` of a canvas, in the colour space of the input picture. */
  toImageData(): RestoredImageData {
    const { picture, alpha } = this.restored;
    const data = new Uint8ClampedArray(this.width * this.height * 4);
    const scale = isUint16Array(alpha) ? 257 : 1;
    for (let i = 0; i < this.width * this.height; i++) {
      for (let channel = 0; channel < 3; channel++) data[i * 4 + channel] = byteOf(picture.data[i * 3 + channel]!);
      data[i * 4 + 3] = alpha ? Math.round(alpha[i]! / scale) : 255;
    }
    return { data, width: this.width, height: this.height };
  }

  /** RGB planes [1, 3, height, width], the network's output: nominally in [0, 1], not clamped. */
  toFloat32(): Planes & { readonly shape: readonly [1, 3, number, number] } {
    const size = this.width * this.height;
    const { data } = this.restored.picture;
    const planes = new Float32Array(3 * size);
    for (let i = 0; i < size; i++)
      for (let channel = 0; channel < 3; channel++) planes[channel * size + i] = data[i * 3 + channel]!;
    return { data: planes, shape: [1, 3, this.height, this.width] };
  }
}
