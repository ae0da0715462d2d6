import { fromPlanes, type Picture, UserError } from '@unweather/core-tensor';
import type { Channels, Colour } from './colour.js';
import { psnr } from './psnr.js';
import { secondOpinion } from './second-opinion.js';
import { type SsimWindow, ssim } from './ssim.js';

/** A network's output: float32 RGB planes (CHW), nominally in [0, 1], not clamped. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** What one picture scores. */
export interface Scores {
  /** dB; Infinity for identical pictures. */
  readonly psnr: number;
  readonly ssim: number;
  /** SSIM by ssim.js, a dialect of its own; see {@link secondOpinion}. */
  readonly ssimJs: number;
}

/** How one paper computes its numbers, named, so that every number can carry it. */
export interface Protocol {
  readonly name: string;
  /** In words, for tables and pages. */
  readonly description: string;
  /** The picture that is saved and scored for an output. */
  quantise(output: Planes): Picture;
  /** @throws UserError when the two differ in size, naming both sizes */
  score(restored: Picture, truth: Picture): Scores;
}

/** The parts a protocol is composed of. */
export interface ProtocolParts {
  readonly name: string;
  readonly description: string;
  /** From the network's output to bytes. */
  readonly quantise: (output: Planes) => Picture;
  readonly colour: Colour;
  readonly window: SsimWindow;
}

/** Clamped to [0, 1], times 255 in float32, **truncated** (`astype(uint8)`), as many test scripts do. */
export function truncated({ data, width, height }: Planes): Picture {
  return fromPlanes(data, width, height);
}

/**
 * A protocol over bytes: the prediction becomes a picture once, and that picture is scored. The saved PNG therefore
 * scores what the array scores.
 */
export function composeProtocol({ name, description, quantise, colour, window }: ProtocolParts): Protocol {
  return {
    name,
    description,
    quantise,
    score(restored, truth) {
      if (restored.width !== truth.width || restored.height !== truth.height)
        throw new UserError(
          `the restored picture is ${restored.width}×${restored.height}, the truth ${truth.width}×${truth.height}; ` +
            'score pictures of one size',
        );
      const [a, b]: [Channels, Channels] = [colour(restored), colour(truth)];
      return { psnr: psnr(a, b, 255), ssim: ssim(a, b, 255, window), ssimJs: secondOpinion(restored, truth) };
    },
  };
}
