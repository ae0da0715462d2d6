import { Module, type Tensor } from '@unweather/core-tensor';
import { GlobalBlock } from './blocks.js';
import type { Features } from './features.js';
import { Conv, lrelu } from './layers.js';

/** The encoder that both decoders share (scope SEN): the stem's features and those of four levels. */
export class Encoder extends Module<[Tensor], { readonly stem: Tensor; readonly levels: Features }> {
  readonly conv1: Conv;
  readonly conv2: Conv;
  readonly EN_0: GlobalBlock;
  readonly conv3: Conv;
  readonly EN_1: GlobalBlock;
  readonly conv4: Conv;
  readonly EN_2: GlobalBlock;
  readonly conv5: Conv;
  readonly EN_3: GlobalBlock;

  /** @param from channels of the picture, more than 3 if it is folded */
  constructor(f: number, from = 3) {
    super();
    this.conv1 = new Conv(from, f, 7);
    this.conv2 = new Conv(f, f, 3);
    this.EN_0 = new GlobalBlock('EN_0', f, 3);
    this.conv3 = new Conv(f, 2 * f, 3, { stride: 2 });
    this.EN_1 = new GlobalBlock('EN_1', 2 * f, 3);
    this.conv4 = new Conv(2 * f, 2 * f, 3, { stride: 2 });
    this.EN_2 = new GlobalBlock('EN_2', 2 * f, 3);
    this.conv5 = new Conv(2 * f, 4 * f, 3, { stride: 2 });
    this.EN_3 = new GlobalBlock('EN_3', 4 * f, 3);
  }

  protected forward(x: Tensor) {
    const stem = lrelu(this.conv1.apply(x));
    const e0 = this.EN_0.apply(lrelu(this.conv2.apply(stem)));
    const e1 = this.EN_1.apply(lrelu(this.conv3.apply(e0)));
    const e2 = this.EN_2.apply(lrelu(this.conv4.apply(e1)));
    const e3 = this.EN_3.apply(lrelu(this.conv5.apply(e2)));
    return { stem, levels: [e0, e1, e2, e3] as const };
  }
}
