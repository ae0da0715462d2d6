import { add, BatchNorm2d, type Conv2d, Module, relu, Sequential, type Tensor } from '@unweather/core-tensor';
import { conv } from './scales.js';

/** Ratio of a bottleneck's output channels to its inner channels. */
export const EXPANSION = 4;

/** 1×1 down, 3×3, 1×1 up, plus the input, through a 1×1 convolution if the channels differ (Networks.py). */
class Bottleneck extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly conv3: Conv2d;
  readonly bn3: BatchNorm2d;
  readonly downsample?: Sequential;

  constructor(from: number, inside: number) {
    super();
    const to = inside * EXPANSION;
    this.conv1 = conv(from, inside, 1);
    this.bn1 = new BatchNorm2d(inside);
    this.conv2 = conv(inside, inside, 3);
    this.bn2 = new BatchNorm2d(inside);
    this.conv3 = conv(inside, to, 1);
    this.bn3 = new BatchNorm2d(to);
    if (from !== to) this.downsample = new Sequential(conv(from, to, 1), new BatchNorm2d(to));
  }

  protected forward(x: Tensor): Tensor {
    const a = relu(this.bn1.apply(this.conv1.apply(x)));
    const b = relu(this.bn2.apply(this.conv2.apply(a)));
    const y = this.bn3.apply(this.conv3.apply(b));
    return relu(add(y, this.downsample?.apply(x) ?? x));
  }
}

/** Stage 1: two bottlenecks at the full size, 3 → 128 channels at the paper's width. */
export function stem(channels: number): Sequential {
  return new Sequential(new Bottleneck(3, channels), new Bottleneck(channels * EXPANSION, channels));
}
