import {
  Conv2d,
  deformConv2d,
  fill,
  Module,
  type Parameter,
  sigmoid,
  slice,
  square,
  type Tensor,
} from '@unweather/core-tensor';

/**
 * Modulated deformable convolution, 3×3 (DCNv2): the position and the weight of each tap are computed from the input.
 * Of the 27 offset channels, 2k is Δy of tap k, 2k + 1 its Δx, 18 + k its mask before the sigmoid. Offsets start at 0
 * and masks at ½. [N, in, H, W] → [N, out, H, W].
 */
export class DeformableConv extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly conv_offset_mask: Conv2d;

  constructor(inChannels: number, outChannels: number) {
    super();
    const { weight } = new Conv2d(inChannels, outChannels, 3);
    this.weight = weight;
    this.bias = new Conv2d(inChannels, outChannels, 3, { initial: fill(0) }).bias!;
    this.conv_offset_mask = new Conv2d(inChannels, 27, 3, { padding: 1, initial: fill(0) });
  }

  protected forward(x: Tensor): Tensor {
    const together = this.conv_offset_mask.apply(x);
    const offset = slice(together, 1, 0, 18);
    const mask = sigmoid(slice(together, 1, 18));
    return deformConv2d(x, this.weight.tensor, offset, mask, this.bias.tensor, { padding: square(1) });
  }
}

/** Wraps the layer in one more name level, as in the official state_dict. */
export class DeformableBlock extends Module {
  readonly dcn: DeformableConv;

  constructor(channels: number) {
    super();
    this.dcn = new DeformableConv(channels, channels);
  }

  protected forward(x: Tensor): Tensor {
    return this.dcn.apply(x);
  }
}
