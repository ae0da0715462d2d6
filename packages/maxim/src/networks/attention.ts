import {
  add,
  gelu,
  leakyRelu,
  Module,
  mean,
  mul,
  relu,
  reshapeLike,
  sigmoid,
  type Tensor,
} from '@unweather/core-tensor';
import { Conv, Dense, LayerNorm, rowsOf, small, toChannelsFirst, toChannelsLast } from './layers.js';

/** Channels per hidden channel of channel attention. */
const REDUCTION = 4;

/** Channel attention by squeeze and excitation (official `CALayer`); [N, H, W, C] → the same. */
class ChannelAttention extends Module {
  readonly Conv_0: Conv;
  readonly Conv_1: Conv;

  constructor(channels: number) {
    super();
    this.Conv_0 = new Conv(channels, channels / REDUCTION, 1);
    this.Conv_1 = new Conv(channels / REDUCTION, channels, 1);
  }

  protected forward(x: Tensor): Tensor {
    // Channels first: averages and products over planes are several times faster than over strides.
    const planes = toChannelsFirst(x);
    const weights = sigmoid(this.Conv_1.apply(relu(this.Conv_0.apply(toChannelsLast(mean(planes, [2, 3]))))));
    return toChannelsLast(mul(planes, toChannelsFirst(weights)));
  }
}

/** Residual channel attention block (official `RCAB`); [N, H, W, C] → the same. */
export class ResidualChannelAttention extends Module {
  readonly LayerNorm: LayerNorm;
  readonly conv1: Conv;
  readonly conv2: Conv;
  readonly channel_attention: ChannelAttention;

  constructor(channels: number) {
    super();
    this.LayerNorm = new LayerNorm(channels);
    this.conv1 = new Conv(channels, channels, 3);
    this.conv2 = new Conv(channels, channels, 3);
    this.channel_attention = new ChannelAttention(channels);
  }

  protected forward(x: Tensor): Tensor {
    const planes = toChannelsFirst(this.conv1.apply(this.LayerNorm.apply(x)));
    const inner = this.conv2.apply(toChannelsLast(leakyRelu(planes, 0.2)));
    return add(this.channel_attention.apply(inner), x);
  }
}

/** Multi-layer perceptron over channels (official `MlpBlock`), on rows. */
class Mlp extends Module {
  readonly Dense_0: Dense;
  readonly Dense_1: Dense;

  constructor(channels: number) {
    super();
    this.Dense_0 = new Dense(channels, channels, small);
    this.Dense_1 = new Dense(channels, channels, small);
  }

  protected forward(rows: Tensor): Tensor {
    return this.Dense_1.apply(gelu(this.Dense_0.apply(rows)));
  }
}

/** Residual dense channel attention block (official `RDCAB`), for bottlenecks; [N, H, W, C] → the same. */
export class ResidualDenseChannelAttention extends Module {
  readonly LayerNorm: LayerNorm;
  readonly channel_mixing: Mlp;
  readonly channel_attention: ChannelAttention;

  constructor(channels: number) {
    super();
    this.LayerNorm = new LayerNorm(channels);
    this.channel_mixing = new Mlp(channels);
    this.channel_attention = new ChannelAttention(channels);
  }

  protected forward(x: Tensor): Tensor {
    const mixed = reshapeLike(this.channel_mixing.apply(this.LayerNorm.apply(rowsOf(x))), x);
    return add(x, this.channel_attention.apply(mixed));
  }
}
