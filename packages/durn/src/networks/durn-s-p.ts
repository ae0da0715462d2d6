import {
  avgPool2d,
  Conv2d,
  ConvTranspose2d,
  Lambda,
  Module,
  PReLU,
  reflectPad2d,
  relu,
  Sequential,
  sub,
  type Tensor,
  tanh,
} from '@unweather/core-tensor';
import { type BlockParts, DualResidualBlock, type Streams } from './block.js';
import { SP_ATTENTIVE, SP_PLAIN } from './kernels.js';
import { ConvLayer, Norm } from './layers.js';

/**
 * DuRN-S-P, raindrops (CVPR 2019, §4.6; official file pietorch/DuRN_S_P.py): 197 parameter tensors, 10,176,964 numbers.
 * [N, 3, H, W] **BGR** in [0, 1] → the same; the result is not clamped. H and W multiples of 4, at least 16.
 *
 * Kept from the official code, because trained weights depend on it: the first convolution pads one pixel too little
 * per side, so 2 rows and columns are lost, and come back by rounding in the strided ones; the second stream restarts
 * after the third block; the result is subtracted, not added.
 */
export class DuRN_S_P extends Module {
  readonly pictures = { colour: 'bgr', multiple: 4, least: 16 } as const;
  readonly conv1 = new Conv2d(3, 64, 5, { padding: 1 });
  readonly norm1 = new Norm('batch', 64);
  readonly conv2 = new Conv2d(64, 128, 3, { stride: 2, padding: 1 });
  readonly norm2 = new Norm('batch', 128);
  readonly conv3 = new Conv2d(128, 128, 3, { stride: 2, padding: 1 });
  readonly norm3 = new Norm('batch', 128);
  readonly rud1 = new DualResidualBlock({ ...PLAIN, attention: 64 }, SP_ATTENTIVE[0]!);
  readonly rud2 = new DualResidualBlock({ ...PLAIN, attention: 64 }, SP_ATTENTIVE[1]!);
  readonly rud3 = new DualResidualBlock({ ...PLAIN, attention: 64 }, SP_ATTENTIVE[2]!);
  readonly rud4 = new DualResidualBlock(PLAIN, SP_PLAIN[0]!);
  readonly rud5 = new DualResidualBlock(PLAIN, SP_PLAIN[1]!);
  readonly rud6 = new DualResidualBlock(PLAIN, SP_PLAIN[2]!);
  readonly rud7 = new DualResidualBlock(PLAIN, SP_PLAIN[3]!);
  readonly rud8 = new DualResidualBlock(PLAIN, SP_PLAIN[4]!);
  readonly rud9 = new DualResidualBlock(PLAIN, SP_PLAIN[5]!);
  readonly deconv1 = deconvolution(128, 128);
  readonly conv4 = new ConvLayer(128, 128, 3);
  readonly norm4 = new Norm('batch', 128);
  readonly deconv2 = deconvolution(128, 64);
  readonly end_conv = new ConvLayer(64, 3, 5);
  /** Created but never used by the official code; counts as a parameter. */
  readonly prelu = new PReLU();

  protected forward(input: Tensor): Tensor {
    let x = relu(this.norm1.apply(this.conv1.apply(input)));
    x = relu(this.norm2.apply(this.conv2.apply(x)));
    x = relu(this.norm3.apply(this.conv3.apply(x)));
    let streams: Streams = { x, res: x };
    for (const rud of [this.rud1, this.rud2, this.rud3]) streams = rud.apply(streams);
    streams = { x: streams.x, res: streams.x };
    for (const rud of [this.rud4, this.rud5, this.rud6, this.rud7, this.rud8, this.rud9]) streams = rud.apply(streams);
    x = relu(this.norm4.apply(this.conv4.apply(this.deconv1.apply(streams.x))));
    return sub(input, tanh(this.end_conv.apply(this.deconv2.apply(x))));
  }
}

const PLAIN: BlockParts = { channels: 128, norm: 'batch', dilated: 'zero' };

/** Doubles the size. A 2×2 average after the transposed convolution removes its checkerboard. */
function deconvolution(from: number, to: number): Sequential {
  return new Sequential(
    new ConvTranspose2d(from, to, 4, { stride: 2, padding: 1 }),
    new Lambda((x) => reflectPad2d(x, { left: 1, right: 0, top: 1, bottom: 0 })),
    new Lambda((x) => avgPool2d(x, 2, { stride: 1 })),
    new Lambda(relu),
  );
}
