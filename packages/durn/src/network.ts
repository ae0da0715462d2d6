import { add, Module, relu, type Tensor, tanh } from '@unweather/core-tensor';
import { ConvLayer, Norm, SEBasicBlock } from './layers.js';

/** The two residual streams that run through the blocks, both [N, C, H, W]. */
interface Streams {
  /** The main stream, which T2 joins. */
  x: Tensor;
  /** The second stream, which T1 joins. */
  res: Tensor;
}

/** Kernels of one block's paired operations: T1 large and perhaps dilated, T2 small. */
interface PairedKernels {
  readonly t1: number;
  readonly dilation: number;
  readonly t2: number;
}

/** Blocks 1 to 6 of the full-resolution networks (P, P without norm, S). */
const PAIRS: readonly PairedKernels[] = [
  { t1: 5, dilation: 1, t2: 3 },
  { t1: 7, dilation: 1, t2: 5 },
  { t1: 7, dilation: 2, t2: 5 },
  { t1: 11, dilation: 2, t2: 7 },
  { t1: 11, dilation: 1, t2: 5 },
  { t1: 11, dilation: 3, t2: 7 },
];

/**
 * The dual residual block. T1's result joins the stream of T1s before it, T2's the main stream: any T1 can thus pair
 * with any later T2, which is the paper's idea. In DuRN-S T2 starts with channel attention.
 */
class DualResidualBlock extends Module<[Streams], Streams> {
  readonly conv1: ConvLayer;
  readonly norm1: Norm;
  readonly conv2: ConvLayer;
  readonly norm2: Norm;
  readonly up_conv: ConvLayer;
  readonly up_norm: Norm;
  readonly se: SEBasicBlock;
  readonly down_conv: ConvLayer;
  readonly down_norm: Norm;

  constructor(channels: number, hidden: number, { t1, dilation, t2 }: PairedKernels) {
    super();
    this.conv1 = new ConvLayer(channels, channels, 3);
    this.norm1 = new Norm(channels);
    this.conv2 = new ConvLayer(channels, channels, 3);
    this.norm2 = new Norm(channels);
    this.up_conv = new ConvLayer(channels, channels, t1, dilation);
    this.up_norm = new Norm(channels);
    this.se = new SEBasicBlock(channels, hidden);
    this.down_conv = new ConvLayer(channels, channels, t2);
    this.down_norm = new Norm(channels);
  }

  protected forward({ x, res }: Streams): Streams {
    let t = relu(this.norm1.apply(this.conv1.apply(x)));
    // The block's own skip is added before the norm, as in the official code.
    t = relu(this.norm2.apply(add(this.conv2.apply(t), x)));
    t = relu(add(this.up_norm.apply(this.up_conv.apply(t)), res));
    const joined = t;
    t = this.down_norm.apply(this.down_conv.apply(this.se.apply(t)));
    return { x: relu(add(t, x)), res: joined };
  }
}

/**
 * DuRN-S, rain streaks (CVPR 2019, §4.5; official file pietorch/DuRN_S.py): 170 parameter tensors, 3,729,923 numbers.
 * [N, 3, H, W] RGB in [0, 1] → the same; the result is not clamped. Any H, W ≥ 16 (the largest reflection is 15).
 */
export class DuRN_S extends Module {
  readonly conv1 = new ConvLayer(3, 64, 3);
  readonly norm1 = new Norm(64);
  readonly conv2 = new ConvLayer(64, 64, 3);
  readonly norm2 = new Norm(64);
  readonly block1 = new DualResidualBlock(64, 32, PAIRS[0]!);
  readonly block2 = new DualResidualBlock(64, 32, PAIRS[1]!);
  readonly block3 = new DualResidualBlock(64, 32, PAIRS[2]!);
  readonly block4 = new DualResidualBlock(64, 32, PAIRS[3]!);
  readonly block5 = new DualResidualBlock(64, 32, PAIRS[4]!);
  readonly block6 = new DualResidualBlock(64, 32, PAIRS[5]!);
  readonly conv3 = new ConvLayer(64, 64, 3);
  readonly norm3 = new Norm(64);
  readonly conv4 = new ConvLayer(64, 3, 3);

  protected forward(input: Tensor): Tensor {
    let x = relu(this.norm1.apply(this.conv1.apply(input)));
    x = relu(this.norm2.apply(this.conv2.apply(x)));
    let streams: Streams = { x, res: x };
    for (const block of [this.block1, this.block2, this.block3, this.block4, this.block5, this.block6])
      streams = block.apply(streams);
    x = relu(this.norm3.apply(this.conv3.apply(streams.x)));
    return add(tanh(this.conv4.apply(x)), input);
  }
}
