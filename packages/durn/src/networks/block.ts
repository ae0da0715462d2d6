import { add, Module, relu, type Tensor } from '@unweather/core-tensor';
import type { PairedKernels } from './kernels.js';
import { ConvLayer, Norm, type NormKind, upsampling } from './layers.js';
import { SEBasicBlock } from './se.js';

/** The two residual streams that run through the blocks. */
export interface Streams {
  /** The main stream, which T2 joins: [N, C, H, W]. */
  readonly x: Tensor;
  /** The second stream, which T1 joins: of x's size, or twice as high and wide if T1 upsamples. */
  readonly res: Tensor;
}

/** Parts of the block that differ between networks. */
export interface BlockParts {
  /** Channels of the main stream. */
  readonly channels: number;
  readonly norm: NormKind;
  /** U normalises the sum of a paired operation and its stream; the others normalise before the sum. */
  readonly normsSum?: boolean;
  /** U and US: T1 begins with a convolution to `channels`, then doubles the size (a quarter of the channels). */
  readonly up?: { readonly channels: number; readonly kernel: number };
  /** Hidden width of the channel attention at the start of T2, for networks that have it. */
  readonly attention?: number;
  readonly dilated: 'reflect' | 'zero';
}

/**
 * Dual residual block, the idea of the paper: two operations in a row, each with a residual stream of its own. T1 (a
 * large kernel, or upsampling) joins the stream of the T1s before it, T2 (a small kernel, or downsampling) the main
 * stream, so that any T1 can pair with any later T2. Networks differ in the parts they plug in.
 */
export class DualResidualBlock extends Module<[Streams], Streams> {
  readonly conv1: ConvLayer;
  readonly norm1: Norm | undefined;
  readonly conv2: ConvLayer;
  readonly norm2: Norm | undefined;
  readonly conv_pre: ConvLayer | undefined;
  readonly norm_pre: Norm | undefined;
  readonly upsamp: Module | undefined;
  readonly up_conv: ConvLayer;
  readonly up_norm: Norm | undefined;
  readonly se: SEBasicBlock | undefined;
  readonly down_conv: ConvLayer;
  readonly down_norm: Norm | undefined;
  private readonly normsSum: boolean;

  constructor(parts: BlockParts, { t1, dilation, t2 }: PairedKernels) {
    super();
    const { channels, norm, up, attention, dilated } = parts;
    const inner = up === undefined ? channels : up.channels / 4;
    const normed = (of: number) => (norm === 'none' ? undefined : new Norm(norm, of));
    this.conv1 = new ConvLayer(channels, channels, 3);
    this.norm1 = normed(channels);
    this.conv2 = new ConvLayer(channels, channels, 3);
    this.norm2 = normed(channels);
    if (up !== undefined) {
      this.conv_pre = new ConvLayer(channels, up.channels, up.kernel);
      this.norm_pre = normed(up.channels);
      this.upsamp = upsampling();
    }
    this.up_conv = new ConvLayer(inner, inner, t1, { dilation, dilated });
    this.up_norm = normed(inner);
    if (attention !== undefined) this.se = new SEBasicBlock(inner, attention, norm !== 'none');
    this.down_conv = new ConvLayer(inner, channels, t2, { stride: up === undefined ? 1 : 2 });
    this.down_norm = normed(channels);
    this.normsSum = parts.normsSum ?? false;
  }

  protected forward({ x, res }: Streams): Streams {
    let t = relu(through(this.norm1, this.conv1.apply(x)));
    // The block's own skip is added before the norm, as in the official code.
    t = relu(through(this.norm2, add(this.conv2.apply(t), x)));
    const second = this.join(this.t1(t), res, this.up_norm);
    return { x: this.join(this.t2(second), x, this.down_norm), res: second };
  }

  private t1(t: Tensor): Tensor {
    if (this.conv_pre === undefined) return this.up_conv.apply(t);
    const wide = through(this.norm_pre, this.conv_pre.apply(t));
    return this.up_conv.apply(through(this.upsamp, wide));
  }

  private t2(t: Tensor): Tensor {
    return this.down_conv.apply(through(this.se, t));
  }

  /** Joins a paired operation's result with its stream. */
  private join(t: Tensor, stream: Tensor, norm: Norm | undefined): Tensor {
    return relu(this.normsSum ? through(norm, add(t, stream)) : add(through(norm, t), stream));
  }
}

/** Applies a module if the network has it. */
export function through(module: Module | undefined, x: Tensor): Tensor {
  return module?.apply(x) ?? x;
}
