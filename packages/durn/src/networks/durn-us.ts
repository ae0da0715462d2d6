import { add, Conv2d, Module, relu, type Tensor, tanh } from '@unweather/core-tensor';
import { DualResidualBlock, type Streams } from './block.js';
import { US } from './kernels.js';
import { ConvLayer, upsampling } from './layers.js';

/**
 * DuRN-US, haze (CVPR 2019, §4.4; official file pietorch/DuRN_US.py): 208 parameter tensors, 9,070,915 numbers.
 * [N, 3, H, W] RGB in [0, 1] → the same; the result is not clamped. H and W multiples of 4, at least 12. No
 * normalisation anywhere, although the official constructor takes a `norm_type`.
 */
export class DuRN_US extends Module {
  readonly pictures = { colour: 'rgb', multiple: 4, least: 12 } as const;
  readonly conv1 = new Conv2d(3, 64, 7, { padding: 3 });
  readonly conv2 = new Conv2d(64, 64, 3, { stride: 2, padding: 1 });
  readonly conv3 = new Conv2d(64, 64, 3, { stride: 2, padding: 1 });
  readonly rud1 = block(0);
  readonly rud2 = block(1);
  readonly rud3 = block(2);
  readonly rud4 = block(3);
  readonly rud5 = block(4);
  readonly rud6 = block(5);
  readonly rud7 = block(6);
  readonly rud8 = block(7);
  readonly rud9 = block(8);
  readonly rud10 = block(9);
  readonly rud11 = block(10);
  readonly rud12 = block(11);
  readonly upconv1 = new ConvLayer(64, 256, 3);
  readonly upsamp1 = upsampling();
  readonly conv4 = new ConvLayer(64, 64, 3);
  readonly upconv2 = new ConvLayer(64, 256, 3);
  readonly upsamp2 = upsampling();
  readonly conv5 = new ConvLayer(64, 64, 3);
  readonly end_conv = new Conv2d(64, 3, 7, { padding: 3 });

  protected forward(input: Tensor): Tensor {
    const res = relu(this.conv2.apply(relu(this.conv1.apply(input))));
    let streams: Streams = { x: relu(this.conv3.apply(res)), res };
    for (const rud of [
      ...[this.rud1, this.rud2, this.rud3, this.rud4, this.rud5, this.rud6],
      ...[this.rud7, this.rud8, this.rud9, this.rud10, this.rud11, this.rud12],
    ])
      streams = rud.apply(streams);
    let x = relu(this.conv4.apply(this.upsamp1.apply(this.upconv1.apply(streams.x))));
    x = relu(this.conv5.apply(this.upsamp2.apply(this.upconv2.apply(x))));
    return add(tanh(this.end_conv.apply(x)), input);
  }
}

function block(index: number): DualResidualBlock {
  const up = { channels: 256, kernel: 3 };
  return new DualResidualBlock({ channels: 64, norm: 'none', up, attention: 32, dilated: 'zero' }, US[index]!);
}
