import {
  add,
  avgPool2d,
  Module,
  mul,
  type PictureFormat,
  pixelUnshuffle,
  sub,
  type Tensor,
} from '@unweather/core-tensor';
import { ImageDecoder, MaskDecoder, type Pyramid } from './decoder.js';
import { Encoder } from './encoder.js';
import type { Features } from './features.js';
import type { ConvKind } from './layers.js';
import { Refinement } from './refinement.js';

/** All outputs of the network, in its own range [−1, 1]. */
export interface Restored extends Pyramid {
  /** [N, 1, H, W], unbounded: near 1 where there is rain. */
  readonly mask: Tensor;
  /** Features that the image decoder received. */
  readonly refined: Features;
}

/** Size options of a network. */
export interface AfrOptions {
  /** Base width f: levels have f, 2f, 2f and 4f channels. */
  readonly width?: number;
  /** AFR modules in a row. */
  readonly modules?: number;
  /** Kind of the 3×3 convolutions in the AFR modules. */
  readonly refinement?: ConvKind;
  /** Residual blocks in a row in the image decoder. */
  readonly blocks?: number;
  /** Side of the pixel blocks folded into channels, so that the network works on a smaller picture. Ours. */
  readonly fold?: 1 | 2;
}

/**
 * AFR-Net (TIP 2021; official repository RobinCSIRO/AFR-Net, the raindrop version): 637 parameter tensors, 14,389,344
 * numbers as the authors sized it. [N, 3, H, W] BGR in [0, 1] → the same, not clamped; inside it works on [−1, 1]. H
 * and W multiples of 8, at least 16. No norm, no dropout: training and evaluation are alike.
 */
export class AFRNet extends Module {
  readonly pictures: PictureFormat;
  readonly SEN: Encoder;
  readonly MDE: MaskDecoder;
  readonly FMREF: Refinement;
  readonly CDE: ImageDecoder;

  constructor(readonly options: AfrOptions = {}) {
    super();
    const { width = 32, modules = 3, refinement = 'full', blocks = 3, fold = 1 } = options;
    this.pictures = { colour: 'bgr', multiple: 8 * fold, least: 16 * fold };
    this.SEN = new Encoder(width, 3 * fold ** 2);
    this.MDE = new MaskDecoder(width, fold);
    this.FMREF = new Refinement(width, modules, refinement);
    this.CDE = new ImageDecoder(width, blocks, fold);
  }

  protected forward(x: Tensor): Tensor {
    const { full } = this.restore(signed(x));
    return mul(add(full, 1), 0.5);
  }

  /** Returns all outputs for pictures in [−1, 1]; call it inside a trace. */
  restore(x: Tensor): Restored {
    const { fold = 1 } = this.options;
    const { stem, levels } = this.SEN.apply(fold === 1 ? x : pixelUnshuffle(x, fold));
    const { mask, features } = this.MDE.apply(stem, levels);
    // The full-size mask is averaged down for modules that work on a smaller picture.
    const rain = { mask: fold === 1 ? mask : avgPool2d(mask, fold), features };
    const refined = this.FMREF.apply(levels, rain);
    return { ...this.CDE.apply(stem, refined), mask, refined };
  }
}

/** Rescales values from [0, 1] to [−1, 1]. */
export function signed(x: Tensor): Tensor {
  return sub(mul(x, 2), 1);
}
