import { add, Conv2d, Lambda, Module, mean, mul, relu, Sequential, sigmoid, type Tensor } from '@unweather/core-tensor';

/** Channel attention of FFA-Net: a small network weights each channel, from the averages of all channels. */
class ChannelAttention extends Module {
  readonly ca: Sequential;

  constructor(channels: number) {
    super();
    this.ca = bottleneck(channels, channels);
  }

  protected forward(x: Tensor): Tensor {
    return mul(x, this.ca.apply(mean(x, [2, 3])));
  }
}

/** Pixel attention of FFA-Net: one map weights each pixel, the same for all channels. */
class PixelAttention extends Module {
  readonly pa: Sequential;

  constructor(channels: number) {
    super();
    this.pa = bottleneck(channels, 1);
  }

  protected forward(x: Tensor): Tensor {
    return mul(x, this.pa.apply(x));
  }
}

function bottleneck(from: number, to: number): Sequential {
  const hidden = from / 8;
  return new Sequential(new Conv2d(from, hidden, 1), new Lambda(relu), new Conv2d(hidden, to, 1), new Lambda(sigmoid));
}

/** Feature attention block (from FFA-Net; official class DehazeBlock). [N, C, H, W] → the same. */
export class FeatureAttentionBlock extends Module {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly calayer: ChannelAttention;
  readonly palayer: PixelAttention;

  constructor(channels: number) {
    super();
    this.conv1 = new Conv2d(channels, channels, 3, { padding: 1 });
    this.conv2 = new Conv2d(channels, channels, 3, { padding: 1 });
    this.calayer = new ChannelAttention(channels);
    this.palayer = new PixelAttention(channels);
  }

  protected forward(x: Tensor): Tensor {
    const t = this.conv2.apply(add(relu(this.conv1.apply(x)), x));
    return add(this.palayer.apply(this.calayer.apply(t)), x);
  }
}
