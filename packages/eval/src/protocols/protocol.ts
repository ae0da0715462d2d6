import {
  type AnyPicture,
  cut,
  isBytes,
  requireFinitePicture,
  resizedOpenCV,
  toBytes,
  toFloats,
  UserError,
} from '@unweather/core-tensor';
import type { Channels } from '../metrics/channels.js';
import { psnr } from '../metrics/psnr.js';
import { secondOpinion } from '../metrics/second-opinion.js';
import { ssim } from '../metrics/ssim.js';
import type { SsimWindow } from '../metrics/window.js';
import type { Colour } from './colour.js';

/** Scores of one picture. */
export interface Scores {
  /** dB; Infinity for identical pictures. */
  readonly psnr: number;
  readonly ssim: number;
  /** SSIM by ssim.js, a dialect of its own; see {@link secondOpinion}. */
  readonly ssimJs: number;
}

/** A named way of computing scores, such as one paper's, so that every number can carry the name. */
export interface Protocol {
  readonly name: string;
  /** Definition in words, for tables and pages. */
  readonly description: string;
  /** Prepares both pictures of a pair, before the network sees one. */
  prepare(picture: AnyPicture): AnyPicture;
  /**
   * Scores a network's output against the truth; both are quantised first.
   * @throws UserError when the two differ in size, naming both sizes, are too small, or contain NaN or infinities
   */
  score(restored: AnyPicture, truth: AnyPicture): Scores;
}

/** Conversion of an output to the numbers that are compared: bytes, or floats in [0, 1]. */
export interface Quantisation {
  readonly range: number;
  /** Returns the picture whose numbers are scored. */
  quantise(output: AnyPicture): AnyPicture;
}

/** Clamped to [0, 1], times 255 in float32, **truncated** (`astype(uint8)`), as many test scripts do. */
export const truncated: Quantisation = { range: 255, quantise: toBytes };

/** Clamped to [0, 1], times 255, **rounded**, as MATLAB's `im2uint8` and BasicSR's `tensor2img` do. */
export const rounded: Quantisation = {
  range: 255,
  quantise(picture) {
    if (isBytes(picture)) return picture;
    const byte = (value: number) => Math.round(Math.min(Math.max(value, 0), 1) * 255);
    return { width: picture.width, height: picture.height, data: new Uint8Array(picture.data.map(byte)) };
  },
};

/** Clamped to [0, 1] and left as float32; a saved PNG then scores slightly differently. */
export const clamped: Quantisation = { range: 1, quantise: toFloats };

/** Floats as they are, even outside [0, 1]. */
export const asFloats: Quantisation = {
  range: 1,
  quantise: (picture) => (isBytes(picture) ? toFloats(picture) : picture),
};

/** The parts a protocol is composed of. */
export interface ProtocolParts {
  readonly name: string;
  readonly description: string;
  /** Size that both pictures are resized to, by OpenCV's default rule. */
  readonly resize?: { readonly width: number; readonly height: number };
  /** Number that divides both sides after rows at the bottom and columns at the right are cut off. */
  readonly multiple?: number;
  /** Pixels that are not scored, on every side (BasicSR's `crop_border`); default: 0. */
  readonly border?: number;
  readonly quantisation: Quantisation;
  readonly colour: Colour;
  /** PSNR of identical pictures; default: Infinity. */
  readonly identical?: number;
  readonly window: SsimWindow;
  /** Numbers that SSIM is computed on, if not PSNR's. */
  readonly ssim?: { readonly quantisation: Quantisation; readonly colour: Colour };
  /** Change to both pictures in {@link Protocol.prepare}, after the other changes of size. */
  readonly change?: (picture: AnyPicture) => AnyPicture;
}

/** Composes a protocol from its parts. If it quantises to bytes, the saved PNG scores the same as the array. */
export function composeProtocol(parts: ProtocolParts): Protocol {
  const {
    name,
    description,
    resize,
    multiple = 1,
    border = 0,
    identical = Infinity,
    window,
    change = (picture) => picture,
  } = parts;
  const ssimParts = parts.ssim ?? parts;
  const planes = (picture: AnyPicture, of: Pick<ProtocolParts, 'quantisation' | 'colour'>) =>
    of.colour(of.quantisation.quantise(picture));
  return {
    name,
    description,
    prepare(picture) {
      const sized = resize === undefined ? picture : resizedOpenCV(bytesOnly(name, picture), resize);
      const down = (side: number) => side - (side % multiple);
      const [width, height] = [down(sized.width), down(sized.height)];
      const whole = width === sized.width && height === sized.height;
      return change(whole ? sized : cut(sized, { left: 0, top: 0, width, height }));
    },
    score(restored, truth) {
      if (restored.width !== truth.width || restored.height !== truth.height)
        throw new UserError(
          `the restored picture is ${restored.width}×${restored.height}, the truth ${truth.width}×${truth.height}; ` +
            'score pictures of one size',
        );
      requireFinitePicture(restored, 'the restored picture');
      requireFinitePicture(truth, 'the true picture');
      const [ours, theirs] = [withoutBorder(name, restored, border), withoutBorder(name, truth, border)];
      const { range } = parts.quantisation;
      const [a, b]: [Channels, Channels] = [planes(ours, ssimParts), planes(theirs, ssimParts)];
      const decibels = psnr(planes(ours, parts), planes(theirs, parts), range);
      return {
        psnr: decibels === Infinity ? identical : decibels,
        ssim: ssim(a, b, ssimParts.quantisation.range, window),
        ssimJs: secondOpinion(toBytes(ours), toBytes(theirs)),
      };
    },
  };
}

function bytesOnly(protocol: string, picture: AnyPicture) {
  if (isBytes(picture)) return picture;
  throw new UserError(`protocol ${protocol} resizes pictures of bytes only; choose another with --protocol`);
}

function withoutBorder(protocol: string, picture: AnyPicture, border: number): AnyPicture {
  if (border === 0) return picture;
  const { width, height } = picture;
  if (Math.min(width, height) <= 2 * border)
    throw new UserError(
      `protocol ${protocol} leaves out ${border} pixels on every side, the picture is ${width}×${height}; use a larger ` +
        'picture or another protocol',
    );
  return cut(picture, { left: border, top: border, width: width - 2 * border, height: height - 2 * border });
}
