import { add, Module, type Tensor } from '@unweather/core-tensor';
import { ResidualChannelAttention, ResidualDenseChannelAttention } from './attention.js';
import { CrossGating } from './cross-gating.js';
import { MultiAxisGmlp } from './gmlp.js';
import { Conv } from './layers.js';
import { ConvTranspose, concatenated, existing, PointwiseConv, type Unread } from './reading.js';

/** Number of times that a block of the U-Net repeats its two parts. */
const GROUPS = 2;

/** Size of a level of the U-Net. */
export interface Level {
  readonly channels: number;
  /** Number of cells of the grid and size of the blocks, along each axis. */
  readonly side: number;
}

/** Parts that a block applies in turn, under the official names. */
type Part = Module<[Tensor], Tensor>;

/** The part that encoder and decoder blocks share: a 1×1 convolution, then both parts twice, with a long shortcut. */
abstract class Groups<Inputs extends unknown[], Output> extends Module<Inputs, Output> {
  readonly #parts: readonly Part[];
  readonly Conv_0: PointwiseConv;

  constructor(from: number, { channels, side }: Level) {
    super();
    this.Conv_0 = new PointwiseConv(from, channels);
    this.#parts = inGroups(this, (i) => ({
      [`SplitHeadMultiAxisGmlpLayer_${i}`]: new MultiAxisGmlp(channels, side),
      [`channel_attention_block_1${i}`]: new ResidualChannelAttention(channels),
    }));
  }

  protected mixed(x: Unread): Tensor {
    const shortcut = this.Conv_0.apply(x);
    return add(
      this.#parts.reduce((value, part) => part.apply(value), shortcut),
      shortcut,
    );
  }
}

/** A block of the U-Net that keeps the size (official `UNetEncoderBlock` without `downsample`); → [N, H, W, C]. */
class UNetBlock extends Groups<[x: Unread], Tensor> {
  protected forward(x: Unread): Tensor {
    return this.mixed(x);
  }
}

/** Features of an encoder block: of half the height and width for the next level, and of its own size for skips. */
export interface Encoded {
  readonly down: Tensor;
  readonly bridge: Tensor;
}

/** An encoder block (official `UNetEncoderBlock`); from the second stage on, features of the one before gate its own. */
export class UNetEncoder extends Groups<[x: Unread, before?: Tensor], Encoded> {
  readonly Conv_1: Conv;
  readonly cross_gating_block?: CrossGating;

  constructor(from: number, level: Level, { gated }: { readonly gated: boolean }) {
    super(from, level);
    this.Conv_1 = new Conv(level.channels, level.channels, 4, { stride: 2, padding: 1 });
    if (gated) this.cross_gating_block = new CrossGating(level.channels, level.side);
  }

  /** @param before sum of the encoder's and the decoder's features of the stage before */
  protected forward(x: Unread, before?: Tensor): Encoded {
    const own = this.mixed(x);
    const bridge = before && this.cross_gating_block ? this.cross_gating_block.apply(existing(own), before).x : own;
    return { down: this.Conv_1.apply(bridge), bridge };
  }
}

/** A decoder block (official `UNetDecoderBlock`): features of half the height and width, and skipped ones. */
export class UNetDecoder extends Module<[x: Tensor, skipped: Unread]> {
  readonly ConvTranspose_0: ConvTranspose;
  readonly UNetEncoderBlock_0: UNetBlock;

  constructor(from: number, level: Level, skipped: number) {
    super();
    this.ConvTranspose_0 = new ConvTranspose(from, level.channels);
    this.UNetEncoderBlock_0 = new UNetBlock(level.channels + skipped, level);
  }

  protected forward(x: Tensor, skipped: Unread): Tensor {
    return this.UNetEncoderBlock_0.apply(concatenated([this.ConvTranspose_0.apply(x), skipped]));
  }
}

/** A block at the bottom of the U-Net (official `BottleneckBlock`); [N, H, W, C] → the same. */
export class Bottleneck extends Module {
  readonly #parts: readonly Part[];
  readonly input_proj: PointwiseConv;

  constructor({ channels, side }: Level) {
    super();
    this.input_proj = new PointwiseConv(channels, channels);
    this.#parts = inGroups(this, (i) => ({
      [`SplitHeadMultiAxisGmlpLayer_${i}`]: new MultiAxisGmlp(channels, side),
      [`channel_attention_block_1_${i}`]: new ResidualDenseChannelAttention(channels),
    }));
  }

  protected forward(x: Tensor): Tensor {
    const shortcut = this.input_proj.apply(existing(x));
    return add(
      this.#parts.reduce((value, part) => part.apply(value), shortcut),
      shortcut,
    );
  }
}

/** Gives a module the named parts of all its groups, and lists them in order. */
function inGroups(owner: Module<never[], unknown>, group: (i: number) => Readonly<Record<string, Part>>): Part[] {
  return Array.from({ length: GROUPS }, (_, i) => {
    const parts = group(i);
    Object.assign(owner, parts);
    return Object.values(parts);
  }).flat();
}
