import { add, Module, mul, sigmoid, type Tensor } from '@unweather/core-tensor';
import { Conv, toChannelsFirst, toChannelsLast } from './layers.js';

/**
 * Supervised attention between stages (MPRNet; official `SAM`): a restored picture, and features that it weights.
 * Features [N, H, W, C], pictures [N, 3, H, W].
 */
export class SupervisedAttention extends Module<
  [x: Tensor, picture: Tensor],
  { readonly features: Tensor; readonly restored: Tensor }
> {
  readonly Conv_0: Conv;
  readonly Conv_1: Conv;
  readonly Conv_2: Conv;

  constructor(channels: number) {
    super();
    this.Conv_0 = new Conv(channels, channels, 3);
    this.Conv_1 = new Conv(channels, 3, 3);
    this.Conv_2 = new Conv(3, channels, 3);
  }

  protected forward(x: Tensor, picture: Tensor) {
    const planes = (features: Tensor) => toChannelsFirst(features);
    const restored = add(picture, planes(this.Conv_1.apply(x)));
    const weights = sigmoid(planes(this.Conv_2.apply(toChannelsLast(restored))));
    return { features: add(toChannelsLast(mul(planes(this.Conv_0.apply(x)), weights)), x), restored };
  }
}
