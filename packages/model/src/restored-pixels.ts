import {
  addMetadata,
  byteOf,
  type DecodedPicture,
  type FloatPicture,
  type Frame,
  type FurtherFrames,
  isUint16Array,
  type MetadataChoice,
  type PictureMetadata,
  UserError,
} from '@unweather/core-tensor';
import type { Planes } from './pixels.js';

/** Pixels as a canvas takes them: `new ImageData(data, width, height)`. */
export interface RestoredImageData {
  /** RGBA, rows top to bottom, alpha not multiplied. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** A restored frame: RGB, nominally in [0, 1], not clamped; with the alpha of the input. */
type RestoredFrame = Frame & { readonly picture: FloatPicture };

/** A restored picture with its frames, and what is kept of the input: depth, alpha, ICC profile, metadata. */
export interface Restored extends Omit<DecodedPicture, 'picture' | 'further'>, RestoredFrame {
  readonly further?: Omit<FurtherFrames, 'frames'> & { readonly frames: readonly RestoredFrame[] };
}

/** A restored picture in memory. */
export class RestoredPixels {
  constructor(
    /** The pixels, with what is kept of the input. */
    readonly restored: Restored,
  ) {}

  /** Width of the upright picture, in pixels. */
  get width(): number {
    return this.restored.picture.width;
  }

  /** Height of the upright picture, in pixels. */
  get height(): number {
    return this.restored.picture.height;
  }

  /** Number of frames of an animation, or of pages; 1 for other pictures. */
  get frames(): number {
    return 1 + (this.restored.further?.frames.length ?? 0);
  }

  /** Bits per channel of the input: 8, or 16 for anything above. */
  get depth(): 8 | 16 {
    return this.restored.depth;
  }

  /**
   * RGBA bytes for `putImageData` of a canvas, in the colour space of the input picture.
   * @param frame number of the frame, from 1
   */
  toImageData(frame = 1): RestoredImageData {
    const { picture, alpha } = this.at(frame);
    const { width, height } = picture;
    const data = new Uint8ClampedArray(width * height * 4);
    const scale = isUint16Array(alpha) ? 257 : 1;
    for (let i = 0; i < width * height; i++) {
      for (let channel = 0; channel < 3; channel++) data[i * 4 + channel] = byteOf(picture.data[i * 3 + channel]!);
      data[i * 4 + 3] = alpha ? Math.round(alpha[i]! / scale) : 255;
    }
    return { data, width, height };
  }

  /**
   * RGB planes [1, 3, height, width], the network's output: nominally in [0, 1], not clamped.
   * @param frame number of the frame, from 1
   */
  toFloat32(frame = 1): Planes & { readonly shape: readonly [1, 3, number, number] } {
    const { width, height, data } = this.at(frame).picture;
    const size = width * height;
    const planes = new Float32Array(3 * size);
    for (let i = 0; i < size; i++)
      for (let channel = 0; channel < 3; channel++) planes[channel * size + i] = data[i * 3 + channel]!;
    return { data: planes, shape: [1, 3, height, width] };
  }

  /**
   * Puts the metadata of the input into a file of these pixels, such as a canvas gives: PNG, JPEG or WebP.
   * @param file bytes of the file, which has no metadata
   * @param choice 'keep', all EXIF and XMP data, GPS among them, with the orientation reset; 'copyright'; 'none'
   * @throws UserError for an unknown choice, and for data that are too large for a JPEG
   */
  addMetadata(file: Uint8Array, choice: MetadataChoice = 'keep'): Promise<Uint8Array> {
    return addMetadata(file, this.restored.metadata ?? {}, choice, this.restored.picture);
  }

  /** EXIF and XMP data of the input, as stored; absent if it had none. */
  get metadata(): PictureMetadata | undefined {
    return this.restored.metadata;
  }

  private at(frame: number): RestoredFrame {
    const found = frame === 1 ? this.restored : this.restored.further?.frames[frame - 2];
    if (found !== undefined) return found;
    throw new UserError(`there is no frame ${frame}; give a number from 1 to ${this.frames}`);
  }
}
