import { add, concat, Module, resizeBilinear, slice, sub, type Tensor } from '@unweather/core-tensor';
import { DecoderFusion, EncoderFusion } from './fusion.js';
import { DenseBlock, group, RConv, Residual, UpConv } from './parts.js';

/** Restored picture with the features for knowledge transfer. */
export interface Restored {
  readonly output: Tensor;
  /** 64 channels at a quarter, 128 at an eighth, 256 and 256 at a sixteenth of the size (times the width). */
  readonly features: readonly [Tensor, Tensor, Tensor, Tensor];
}

/** Eighteen residual blocks in a row, named res0 to res17. */
class Restoration extends Module {
  constructor(channels: number) {
    super();
    for (let i = 0; i < 18; i++) Object.assign(this, { [`res${i}`]: new Residual(channels) });
  }

  protected forward(x: Tensor): Tensor {
    const blocks = Object.values(this).filter((value): value is Residual => value instanceof Residual);
    return blocks.reduce((y, block) => block.apply(y), x);
  }
}

/**
 * MSBDN-RDFF, the network of student and teachers (CVPR 2022; official file models/MSBDN-RDFF.py: MSBDN-DFF that also
 * returns its features): 390 parameter tensors, 28,712,861 numbers. [N, 3, H, W] RGB in [0, 1] → the same, not clamped.
 * H and W multiples of 16, at least 32.
 */
export class MSBDN extends Module {
  readonly pictures = { colour: 'rgb', multiple: 16, least: 32 } as const;
  readonly conv_input: RConv;
  readonly dense0: ReturnType<typeof group>;
  readonly conv2x: RConv;
  readonly conv1: DenseBlock;
  readonly fusion1: EncoderFusion;
  readonly dense1: ReturnType<typeof group>;
  readonly conv4x: RConv;
  readonly conv2: DenseBlock;
  readonly fusion2: EncoderFusion;
  readonly dense2: ReturnType<typeof group>;
  readonly conv8x: RConv;
  readonly conv3: DenseBlock;
  readonly fusion3: EncoderFusion;
  readonly dense3: ReturnType<typeof group>;
  readonly conv16x: RConv;
  readonly conv4: DenseBlock;
  readonly fusion4: EncoderFusion;
  readonly dehaze: Restoration;
  readonly convd16x: UpConv;
  readonly dense_4: ReturnType<typeof group>;
  readonly conv_4: DenseBlock;
  readonly fusion_4: DecoderFusion;
  readonly convd8x: UpConv;
  readonly dense_3: ReturnType<typeof group>;
  readonly conv_3: DenseBlock;
  readonly fusion_3: DecoderFusion;
  readonly convd4x: UpConv;
  readonly dense_2: ReturnType<typeof group>;
  readonly conv_2: DenseBlock;
  readonly fusion_2: DecoderFusion;
  readonly convd2x: UpConv;
  readonly dense_1: ReturnType<typeof group>;
  readonly conv_1: DenseBlock;
  readonly fusion_1: DecoderFusion;
  readonly conv_output: RConv;

  /** @param width of all layers, as a fraction of the paper's; a multiple of 1/8 */
  constructor(readonly width = 1) {
    super();
    const c = 16 * width;
    if (!Number.isInteger(c / 2))
      throw new RangeError(`a width of ${width} gives fractions of channels; choose a multiple of 1/8`);
    const dense = (half: number) => new DenseBlock(half, half);
    this.conv_input = new RConv(3, c, 11);
    this.dense0 = group(c);
    this.conv2x = new RConv(c, 2 * c, 3, 2);
    this.conv1 = dense(c);
    this.fusion1 = new EncoderFusion(c, 1);
    this.dense1 = group(2 * c);
    this.conv4x = new RConv(2 * c, 4 * c, 3, 2);
    this.conv2 = dense(2 * c);
    this.fusion2 = new EncoderFusion(2 * c, 2);
    this.dense2 = group(4 * c);
    this.conv8x = new RConv(4 * c, 8 * c, 3, 2);
    this.conv3 = dense(4 * c);
    this.fusion3 = new EncoderFusion(4 * c, 3);
    this.dense3 = group(8 * c);
    this.conv16x = new RConv(8 * c, 16 * c, 3, 2);
    this.conv4 = dense(8 * c);
    this.fusion4 = new EncoderFusion(8 * c, 4);
    this.dehaze = new Restoration(16 * c);
    this.convd16x = new UpConv(16 * c, 8 * c);
    this.dense_4 = group(8 * c);
    this.conv_4 = dense(4 * c);
    this.fusion_4 = new DecoderFusion(4 * c, 1);
    this.convd8x = new UpConv(8 * c, 4 * c);
    this.dense_3 = group(4 * c);
    this.conv_3 = dense(2 * c);
    this.fusion_3 = new DecoderFusion(2 * c, 2);
    this.convd4x = new UpConv(4 * c, 2 * c);
    this.dense_2 = group(2 * c);
    this.conv_2 = dense(c);
    this.fusion_2 = new DecoderFusion(c, 3);
    this.convd2x = new UpConv(2 * c, c);
    this.dense_1 = group(c);
    this.conv_1 = dense(c / 2);
    this.fusion_1 = new DecoderFusion(c / 2, 4);
    this.conv_output = new RConv(c, 3, 3);
  }

  protected forward(input: Tensor): Tensor {
    return this.restore(input).output;
  }

  /** Does the same as {@link apply} and returns the features, too. Call it inside a trace. */
  restore(input: Tensor): Restored {
    const first = this.conv_input.apply(input);
    // The first half is stored before the group, unlike at the coarser levels.
    const memory = [halves(first)[0]];
    const x0 = add(this.dense0.apply(first), first);
    const encode = (x: Tensor, down: RConv, fusion: EncoderFusion, block: DenseBlock) => {
      const [a, b] = halves(down.apply(x));
      const fused = fusion.apply(a, [...memory]);
      memory.push(fused);
      return concat([fused, block.apply(b)], 1);
    };
    const t1 = encode(x0, this.conv2x, this.fusion1, this.conv1);
    const x1 = add(this.dense1.apply(t1), t1);
    const t2 = encode(x1, this.conv4x, this.fusion2, this.conv2);
    const x2 = add(this.dense2.apply(t2), t2);
    const t3 = encode(x2, this.conv8x, this.fusion3, this.conv3);
    const x3 = add(this.dense3.apply(t3), t3);
    const x4 = encode(x3, this.conv16x, this.fusion4, this.conv4);

    const doubled = add(x4, x4);
    const y = sub(add(this.dehaze.apply(doubled), doubled), x4);

    const coarse = [halves(y)[0]];
    const decode = (
      x: Tensor,
      skip: Tensor,
      [up, dense, fusion, block]: readonly [UpConv, ReturnType<typeof group>, DecoderFusion, DenseBlock],
    ) => {
      const u = resizeBilinear(up.apply(x), { like: skip });
      const sum = add(u, skip);
      const [a, b] = halves(sub(add(dense.apply(sum), sum), u));
      const fused = fusion.apply(a, [...coarse]);
      coarse.push(fused);
      return concat([fused, block.apply(b)], 1);
    };
    let x = decode(y, x3, [this.convd16x, this.dense_4, this.fusion_4, this.conv_4]);
    x = decode(x, x2, [this.convd8x, this.dense_3, this.fusion_3, this.conv_3]);
    x = decode(x, x1, [this.convd4x, this.dense_2, this.fusion_2, this.conv_2]);
    x = decode(x, x0, [this.convd2x, this.dense_1, this.fusion_1, this.conv_1]);
    return { output: this.conv_output.apply(x), features: [x2, x3, x4, y] };
  }
}

/** The first and the second half of the channels. */
function halves(x: Tensor): [Tensor, Tensor] {
  const half = Number(x.shape[1]) / 2;
  return [slice(x, 1, 0, half), slice(x, 1, half)];
}
