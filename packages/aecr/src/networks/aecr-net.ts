import {
  Conv2d,
  ConvTranspose2d,
  Lambda,
  Module,
  reflectPad2d,
  relu,
  Sequential,
  square,
  type Tensor,
  tanh,
} from '@unweather/core-tensor';
import { DeformableBlock } from './deformable.js';
import { FastDeconv } from './fast-deconv.js';
import { FeatureAttentionBlock } from './feature-attention.js';
import { Mixup } from './mixup.js';

/** Number of times that the attention block and the deformable block are applied, with the same weights each time. */
const [ATTENTIONS, DEFORMATIONS] = [6, 2];

/**
 * AECR-Net (CVPR 2021, §3.2; official file models/AECRNet.py): 32 parameter tensors, 2,614,229 numbers. [N, 3, H, W]
 * RGB in [0, 1] → the same size in (−1, 1): the tanh output is compared with pictures in [0, 1] without rescaling. H
 * and W multiples of 4, at least 8. Only FastDeconv differs between training and evaluation.
 */
export class AECRNet extends Module {
  readonly pictures = { colour: 'rgb', multiple: 4, least: 8 } as const;
  readonly down1 = new Sequential(reflection(), new Conv2d(3, 64, 7), new Lambda(relu));
  readonly down2 = new Sequential(new Conv2d(64, 128, 3, { stride: 2, padding: 1 }), new Lambda(relu));
  readonly down3 = new Sequential(new Conv2d(128, 256, 3, { stride: 2, padding: 1 }), new Lambda(relu));
  readonly block = new FeatureAttentionBlock(256);
  readonly up1 = new Sequential(doubling(256, 128), new Lambda(relu));
  readonly up2 = new Sequential(doubling(128, 64), new Lambda(relu));
  readonly up3 = new Sequential(reflection(), new Conv2d(64, 3, 7), new Lambda(tanh));
  readonly dcn_block = new DeformableBlock(256);
  readonly deconv = new FastDeconv();
  readonly mix1 = new Mixup(-1);
  readonly mix2 = new Mixup(-0.6);

  protected forward(input: Tensor): Tensor {
    const down1 = this.down1.apply(this.deconv.apply(input));
    const down2 = this.down2.apply(down1);
    const down3 = this.down3.apply(down2);
    let h = down3;
    for (let i = 0; i < ATTENTIONS; i++) h = this.block.apply(h);
    for (let i = 0; i < DEFORMATIONS; i++) h = this.dcn_block.apply(h);
    const up1 = this.up1.apply(this.mix1.apply(down3, h));
    return this.up3.apply(this.up2.apply(this.mix2.apply(down2, up1)));
  }
}

function reflection(): Module {
  return new Lambda((x) => reflectPad2d(x, square(3)));
}

/** Transposed convolution that exactly doubles the size. */
function doubling(from: number, to: number): ConvTranspose2d {
  return new ConvTranspose2d(from, to, 3, { stride: 2, padding: 1, outputPadding: 1 });
}
