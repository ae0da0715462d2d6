import { add, concat, Module, mul, sigmoid, type Tensor } from '@unweather/core-tensor';
import { ResBlocks } from './blocks.js';
import { channelsOf, type Features } from './features.js';
import { Conv, type ConvKind, conv3, Deconv, lrelu } from './layers.js';

/** Upward path (scope LRB): from the coarsest level to the finest, adding each level's own features. */
export class UpwardPath extends Module<[Features], Features> {
  readonly RES_BLOCK1: ResBlocks;
  readonly deconv_1: Deconv;
  readonly RES_BLOCK2: ResBlocks;
  readonly RES_BLOCK3: ResBlocks;
  readonly deconv_2: Deconv;
  readonly RES_BLOCK4: ResBlocks;
  readonly RES_BLOCK5: ResBlocks;
  readonly deconv_3: Deconv;
  readonly RES_BLOCK6: ResBlocks;
  readonly RES_BLOCK7: ResBlocks;

  constructor([c0, c1, c2, c3]: AfrChannels, kind: ConvKind) {
    super();
    const res = (i: number, channels: number, count = 1) => new ResBlocks(`RES_BLOCK${i}`, channels, count, kind);
    this.RES_BLOCK1 = res(1, c3, 3);
    this.deconv_1 = new Deconv(c3, c2);
    this.RES_BLOCK2 = res(2, c2);
    this.RES_BLOCK3 = res(3, c2);
    this.deconv_2 = new Deconv(c2, c1);
    this.RES_BLOCK4 = res(4, c1);
    this.RES_BLOCK5 = res(5, c1);
    this.deconv_3 = new Deconv(c1, c0);
    this.RES_BLOCK6 = res(6, c0);
    this.RES_BLOCK7 = res(7, c0);
  }

  protected forward([e0, e1, e2, e3]: Features): Features {
    const d3 = this.RES_BLOCK1.apply(e3);
    const d2 = this.RES_BLOCK3.apply(add(lrelu(this.deconv_1.apply(d3)), this.RES_BLOCK2.apply(e2)));
    const d1 = this.RES_BLOCK5.apply(add(lrelu(this.deconv_2.apply(d2)), this.RES_BLOCK4.apply(e1)));
    const d0 = this.RES_BLOCK7.apply(add(lrelu(this.deconv_3.apply(d1)), this.RES_BLOCK6.apply(e0)));
    return [d0, d1, d2, d3];
  }
}

/** Location of the rain, as input of a module: the mask and its features. */
export interface RainMap {
  readonly mask: Tensor;
  readonly features: Tensor;
}

/** Attention (scope ATB): features of the finest level times γ plus β, both made from mask and mask features. */
export class AttentionBlock extends Module<
  [Tensor, RainMap],
  { readonly attended: Tensor; readonly features: Tensor }
> {
  readonly RES_BLOCK1: ResBlocks;
  readonly conv1: Conv;
  readonly conv2: Conv;
  readonly RES_BLOCK2: ResBlocks;
  readonly RES_BLOCK3: ResBlocks;
  readonly RES_BLOCK4: ResBlocks;

  constructor([c0]: AfrChannels, kind: ConvKind) {
    super();
    const res = (i: number) => new ResBlocks(`RES_BLOCK${i}`, c0, 1, kind);
    this.RES_BLOCK1 = res(1);
    this.conv1 = new Conv(c0 + 1, c0, 1);
    this.conv2 = new Conv(c0 + 1, c0, 1);
    this.RES_BLOCK2 = res(2);
    this.RES_BLOCK3 = res(3);
    this.RES_BLOCK4 = res(4);
  }

  protected forward(x: Tensor, rain: RainMap) {
    const features = this.RES_BLOCK1.apply(rain.features);
    const both = concat([rain.mask, features], 1);
    const [gamma, beta] = [sigmoid(this.conv1.apply(both)), lrelu(this.conv2.apply(both))];
    const modulated = this.RES_BLOCK3.apply(mul(this.RES_BLOCK2.apply(x), gamma));
    return { attended: this.RES_BLOCK4.apply(add(modulated, beta)), features };
  }
}

/** Downward path (scope RRB): carries the attention's changes back to all levels, adding each level's own features. */
export class DownwardPath extends Module<[Tensor, Features], Features> {
  readonly RES_BLOCK1: ResBlocks;
  readonly conv1: Module;
  readonly RES_BLOCK2: ResBlocks;
  readonly RES_BLOCK3: ResBlocks;
  readonly conv2: Module;
  readonly RES_BLOCK4: ResBlocks;
  readonly RES_BLOCK5: ResBlocks;
  readonly conv3: Module;
  readonly RES_BLOCK6: ResBlocks;
  readonly RES_BLOCK7: ResBlocks;

  constructor([c0, c1, c2, c3]: AfrChannels, kind: ConvKind) {
    super();
    const res = (i: number, channels: number, count = 1) => new ResBlocks(`RES_BLOCK${i}`, channels, count, kind);
    this.RES_BLOCK1 = res(1, c0, 3);
    this.conv1 = conv3(kind, c0, c1, 2);
    this.RES_BLOCK2 = res(2, c1);
    this.RES_BLOCK3 = res(3, c1);
    this.conv2 = conv3(kind, c1, c2, 2);
    this.RES_BLOCK4 = res(4, c2);
    this.RES_BLOCK5 = res(5, c2);
    this.conv3 = conv3(kind, c2, c3, 2);
    this.RES_BLOCK6 = res(6, c3);
    this.RES_BLOCK7 = res(7, c3);
  }

  protected forward(attended: Tensor, [, d1, d2, d3]: Features): Features {
    const e0 = this.RES_BLOCK1.apply(attended);
    const e1 = this.RES_BLOCK3.apply(add(lrelu(this.conv1.apply(e0)), this.RES_BLOCK2.apply(d1)));
    const e2 = this.RES_BLOCK5.apply(add(lrelu(this.conv2.apply(e1)), this.RES_BLOCK4.apply(d2)));
    const e3 = this.RES_BLOCK7.apply(add(lrelu(this.conv3.apply(e2)), this.RES_BLOCK6.apply(d3)));
    return [e0, e1, e2, e3];
  }
}

/** Channels of the four levels, finest first; each level has half the size of the one before. */
export type AfrChannels = readonly [number, number, number, number];

/**
 * Attentive feature refinement (paper, §III-C): refines the features of an encoder's four levels, with a mask of the
 * rain and the mask's features. Levels keep their sizes and channels, so that the module fits between any encoder and
 * its decoder. Sides must be multiples of 8.
 */
export class AfrModule extends Module<[Features, RainMap], { readonly levels: Features; readonly rain: RainMap }> {
  readonly LRB: UpwardPath;
  readonly ATB: AttentionBlock;
  readonly RRB: DownwardPath;

  /** @param kind separable: 3×3 convolutions as depthwise and 1×1 ones, as in the paper's text but not its code */
  constructor(channels: AfrChannels, { kind = 'full' }: { readonly kind?: ConvKind } = {}) {
    super();
    this.LRB = new UpwardPath(channels, kind);
    this.ATB = new AttentionBlock(channels, kind);
    this.RRB = new DownwardPath(channels, kind);
  }

  protected forward(levels: Features, rain: RainMap) {
    const up = this.LRB.apply(levels);
    const { attended, features } = this.ATB.apply(up[0], rain);
    // All modules share the mask; its features are passed on from one module to the next.
    return { levels: this.RRB.apply(attended, up), rain: { mask: rain.mask, features } };
  }
}

/** AFR modules in a row (scope FMREF), with parts named LRB1, ATB1, RRB1, LRB2, … */
export class Refinement extends Module<[Features, RainMap], Features> {
  readonly #modules: readonly AfrModule[];

  constructor(f: number, count: number, kind: ConvKind) {
    super();
    this.#modules = Array.from({ length: count }, () => new AfrModule(channelsOf(f), { kind }));
    for (const [i, { LRB, ATB, RRB }] of this.#modules.entries())
      Object.assign(this, { [`LRB${i + 1}`]: LRB, [`ATB${i + 1}`]: ATB, [`RRB${i + 1}`]: RRB });
  }

  protected forward(levels: Features, rain: RainMap): Features {
    return this.#modules.reduce((now, module) => module.apply(now.levels, now.rain), { levels, rain }).levels;
  }
}
