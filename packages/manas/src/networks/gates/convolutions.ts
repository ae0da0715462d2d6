import {
  BatchNorm2d,
  type Conv2d,
  concat,
  Lambda,
  Module,
  max,
  mean,
  mul,
  relu,
  Sequential,
  sigmoid,
  type Tensor,
} from '@unweather/core-tensor';
import { conv, plainNorm } from '../scales.js';

/** Maximum and mean over the channels of each pixel, in this order: [N, 2, H, W]. */
function channelPool(x: Tensor): Tensor {
  return concat([max(x, [1]), mean(x, [1])], 1);
}

/** Gate: multiplies x by the sigmoid of layers applied to x, or to its {@link channelPool}. */
class Gate extends Module {
  constructor(
    readonly op: Sequential,
    private readonly pooled: boolean,
  ) {
    super();
  }

  protected forward(x: Tensor): Tensor {
    return mul(x, sigmoid(this.op.apply(this.pooled ? channelPool(x) : x)));
  }
}

/** A depthwise 3×3 convolution, a 1×1 one and a norm. */
function separable(from: number, to: number, dilation = 1): [Conv2d, Conv2d, BatchNorm2d] {
  return [conv(from, from, 3, { groups: from, dilation }), conv(from, to, 1), plainNorm(to)];
}

/** Two separable convolutions with a ReLU between them (official class SepConv). */
export function separableGate(channels: number): Module {
  const twice = [...separable(channels, channels), new Lambda(relu), ...separable(channels, channels)];
  return new Gate(new Sequential(...twice), false);
}

/** One separable convolution of dilation 2 (official class DilConv). */
export function dilatedGate(channels: number): Module {
  return new Gate(new Sequential(...separable(channels, channels, 2)), false);
}

/** {@link separableGate} on the pooled channels; one weight per pixel (official class SepConvAttention). */
export function separableSpatialGate(): Module {
  return new Gate(new Sequential(...separable(2, 2), new Lambda(relu), ...separable(2, 1)), true);
}

/** A convolution of dilation 2, not depthwise, on the pooled channels (official class DilConvAttention). */
export function dilatedSpatialGate(): Module {
  return new Gate(new Sequential(conv(2, 1, 3, { dilation: 2 }), conv(1, 1, 1), plainNorm(1)), true);
}

class NormedConv extends Module {
  readonly conv = conv(2, 1, 7);
  readonly bn = new BatchNorm2d(1, { momentum: 0.01 });

  protected forward(x: Tensor): Tensor {
    return this.bn.apply(this.conv.apply(x));
  }
}

/** CBAM's gate of pixels: one 7×7 convolution of the pooled channels. */
export class SpatialGate extends Module {
  readonly spatial = new NormedConv();

  protected forward(x: Tensor): Tensor {
    return mul(x, sigmoid(this.spatial.apply(channelPool(x))));
  }
}
