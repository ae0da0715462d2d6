import { add, Conv2d, Module, relu, type Tensor, tanh } from '@unweather/core-tensor';
import { DualResidualBlock, type Streams } from './block.js';
import { U } from './kernels.js';
import { ConvLayer, Norm, upsampling } from './layers.js';

/**
 * DuRN-U, motion blur (CVPR 2019, §4.3; official file pietorch/DuRN_U.py): 150 parameter tensors, 12,856,579 numbers.
 * [N, 3, H, W] RGB in [0, 1] → the same; the result is not clamped. H and W multiples of 4, at least 8. The main stream
 * runs at a quarter of the size, the second at half of it: T1 upsamples, T2 downsamples.
 */
export class DuRN_U extends Module {
  readonly pictures = { colour: 'rgb', multiple: 4, least: 8 } as const;
  readonly conv1 = new Conv2d(3, 64, 7, { padding: 3 });
  readonly norm1 = new Norm('instance', 64);
  readonly conv2 = new Conv2d(64, 128, 3, { stride: 2, padding: 1 });
  readonly norm2 = new Norm('instance', 128);
  readonly conv3 = new Conv2d(128, 256, 3, { stride: 2, padding: 1 });
  readonly norm3 = new Norm('instance', 256);
  readonly rud1 = block(0);
  readonly rud2 = block(1);
  readonly rud3 = block(2);
  readonly rud4 = block(3);
  readonly rud5 = block(4);
  readonly rud6 = block(5);
  readonly upconv1 = new ConvLayer(256, 512, 1);
  readonly upnorm1 = new Norm('instance', 512);
  readonly upsamp1 = upsampling();
  readonly conv4 = new ConvLayer(128, 128, 3);
  readonly norm4 = new Norm('instance', 128);
  readonly upconv2 = new ConvLayer(128, 256, 1);
  readonly upnorm2 = new Norm('instance', 256);
  readonly upsamp2 = upsampling();
  readonly conv5 = new ConvLayer(64, 64, 3);
  readonly norm5 = new Norm('instance', 64);
  readonly end_conv = new Conv2d(64, 3, 7, { padding: 3 });

  protected forward(input: Tensor): Tensor {
    let x = relu(this.norm1.apply(this.conv1.apply(input)));
    const res = relu(this.norm2.apply(this.conv2.apply(x)));
    x = relu(this.norm3.apply(this.conv3.apply(res)));
    let streams: Streams = { x, res };
    for (const rud of [this.rud1, this.rud2, this.rud3, this.rud4, this.rud5, this.rud6]) streams = rud.apply(streams);
    x = this.upsamp1.apply(this.upnorm1.apply(this.upconv1.apply(streams.x)));
    x = relu(this.norm4.apply(this.conv4.apply(x)));
    x = this.upsamp2.apply(this.upnorm2.apply(this.upconv2.apply(x)));
    x = relu(this.norm5.apply(this.conv5.apply(x)));
    return add(tanh(this.end_conv.apply(x)), input);
  }
}

function block(index: number): DualResidualBlock {
  const up = { channels: 512, kernel: 1 };
  return new DualResidualBlock({ channels: 256, norm: 'instance', normsSum: true, up, dilated: 'zero' }, U[index]!);
}
