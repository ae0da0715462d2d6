import { add, Module, pixelShuffle, type Tensor } from '@unweather/core-tensor';
import { GlobalBlock, ResBlocks } from './blocks.js';
import type { Features } from './features.js';
import { Conv, Deconv, lrelu } from './layers.js';

/** Unfolds groups of channels to pixels of a picture `fold` times as wide and high. */
function unfolded(x: Tensor, fold: number): Tensor {
  return fold === 1 ? x : pixelShuffle(x, fold);
}

/** Output of a decoder's body: features of four levels, and those of the finest with the stem's added. */
interface Decoded {
  readonly levels: Features;
  readonly last: Tensor;
}

/** Common body of both decoders: upsamples level by level and adds each level's own features. */
abstract class Decoder<Output> extends Module<[Tensor, Features], Output> {
  readonly RES_BLOCK1: ResBlocks;
  readonly deconv_1: Deconv;
  readonly DE_3: GlobalBlock;
  readonly RES_BLOCK2: ResBlocks;
  readonly RES_BLOCK3: ResBlocks;
  readonly deconv_2: Deconv;
  readonly DE_2: GlobalBlock;
  readonly RES_BLOCK4: ResBlocks;
  readonly RES_BLOCK5: ResBlocks;
  readonly deconv_3: Deconv;
  readonly DE_1: GlobalBlock;
  readonly RES_BLOCK6: ResBlocks;
  readonly RES_BLOCK7: ResBlocks;
  readonly conv1: Conv;

  /** @param blocks number of residual blocks in a row; @param layers number of layers in a dense block */
  constructor(f: number, blocks: number, layers: 2 | 3) {
    super();
    const res = (i: number, channels: number, count = blocks) => new ResBlocks(`RES_BLOCK${i}`, channels, count);
    this.RES_BLOCK1 = res(1, 4 * f, 3);
    this.deconv_1 = new Deconv(4 * f, 2 * f);
    this.DE_3 = new GlobalBlock('DE_3', 2 * f, layers);
    this.RES_BLOCK2 = res(2, 2 * f);
    this.RES_BLOCK3 = res(3, 2 * f);
    this.deconv_2 = new Deconv(2 * f, 2 * f);
    this.DE_2 = new GlobalBlock('DE_2', 2 * f, layers);
    this.RES_BLOCK4 = res(4, 2 * f);
    this.RES_BLOCK5 = res(5, 2 * f);
    this.deconv_3 = new Deconv(2 * f, f);
    this.DE_1 = new GlobalBlock('DE_1', f, layers);
    this.RES_BLOCK6 = res(6, f);
    this.RES_BLOCK7 = res(7, f);
    this.conv1 = new Conv(f, f, 3);
  }

  protected decode(stem: Tensor, [e0, e1, e2, e3]: Features): Decoded {
    const d3 = this.RES_BLOCK1.apply(e3);
    const up = (x: Tensor, deconv: Deconv, block: GlobalBlock) => block.apply(lrelu(deconv.apply(x)));
    const d2 = this.RES_BLOCK3.apply(add(up(d3, this.deconv_1, this.DE_3), this.RES_BLOCK2.apply(e2)));
    const d1 = this.RES_BLOCK5.apply(add(up(d2, this.deconv_2, this.DE_2), this.RES_BLOCK4.apply(e1)));
    const d0 = this.RES_BLOCK7.apply(add(up(d1, this.deconv_3, this.DE_1), this.RES_BLOCK6.apply(e0)));
    return { levels: [d0, d1, d2, d3], last: add(stem, lrelu(this.conv1.apply(d0))) };
  }
}

/** Decodes the mask of the rain (scope MDE): one unbounded value per pixel, and the features it was made from. */
export class MaskDecoder extends Decoder<{ readonly mask: Tensor; readonly features: Tensor }> {
  readonly conv2: Conv;

  constructor(
    f: number,
    private readonly fold = 1,
  ) {
    super(f, 1, 2);
    this.conv2 = new Conv(f, fold ** 2, 3, { bias: false });
  }

  protected forward(stem: Tensor, features: Features) {
    const { levels, last } = this.decode(stem, features);
    // The mask is taken before the stem's features are added.
    return { mask: unfolded(this.conv2.apply(levels[0]), this.fold), features: last };
  }
}

/** Pictures at four sizes, in [−1, 1], not clamped. */
export interface Pyramid {
  readonly full: Tensor;
  readonly half: Tensor;
  readonly quarter: Tensor;
  readonly eighth: Tensor;
}

/** Decodes the clean picture from refined features (scope CDE), at the full size, a half, a quarter and an eighth. */
export class ImageDecoder extends Decoder<Pyramid> {
  readonly conv2: Conv;
  readonly conv3: Conv;
  readonly conv4: Conv;
  readonly conv5: Conv;
  readonly conv6: Conv;
  readonly conv7: Conv;
  readonly conv8: Conv;

  /** @param blocks residual blocks in a row, 3 in the paper */
  constructor(
    f: number,
    blocks: number,
    private readonly fold = 1,
  ) {
    super(f, blocks, 3);
    const picture = () => new Conv(f, 3 * fold ** 2, 3, { bias: false });
    this.conv2 = picture();
    this.conv3 = new Conv(2 * f, f, 3);
    this.conv4 = picture();
    this.conv5 = new Conv(2 * f, f, 3);
    this.conv6 = picture();
    this.conv7 = new Conv(4 * f, f, 3);
    this.conv8 = picture();
  }

  protected forward(stem: Tensor, features: Features): Pyramid {
    const { levels, last } = this.decode(stem, features);
    const [, d1, d2, d3] = levels;
    const picture = (x: Tensor, conv: Conv) => unfolded(conv.apply(x), this.fold);
    const head = (x: Tensor, first: Conv, second: Conv) => picture(lrelu(first.apply(x)), second);
    return {
      full: picture(last, this.conv2),
      half: head(d1, this.conv3, this.conv4),
      quarter: head(d2, this.conv5, this.conv6),
      eighth: head(d3, this.conv7, this.conv8),
    };
  }
}
