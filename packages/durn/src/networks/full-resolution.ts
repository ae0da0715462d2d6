import { add, Module, relu, type Tensor, tanh } from '@unweather/core-tensor';
import { type BlockParts, DualResidualBlock, type Streams, through } from './block.js';
import { FULL_RESOLUTION } from './kernels.js';
import { ConvLayer, Norm } from './layers.js';

/** Six blocks at the picture's own size: P, P without norm and S. Any H, W ≥ 16 (the largest reflection is 15). */
class FullResolution extends Module {
  readonly conv1: ConvLayer;
  readonly norm1: Norm | undefined;
  readonly conv2: ConvLayer;
  readonly norm2: Norm | undefined;
  readonly block1: DualResidualBlock;
  readonly block2: DualResidualBlock;
  readonly block3: DualResidualBlock;
  readonly block4: DualResidualBlock;
  readonly block5: DualResidualBlock;
  readonly block6: DualResidualBlock;
  readonly conv3: ConvLayer;
  readonly norm3: Norm | undefined;
  readonly conv4: ConvLayer;

  constructor(pictureChannels: number, parts: Omit<BlockParts, 'dilated'>) {
    super();
    const { channels, norm } = parts;
    const normed = () => (norm === 'none' ? undefined : new Norm(norm, channels));
    const block = (index: number) => new DualResidualBlock({ ...parts, dilated: 'reflect' }, FULL_RESOLUTION[index]!);
    this.conv1 = new ConvLayer(pictureChannels, channels, 3);
    this.norm1 = normed();
    this.conv2 = new ConvLayer(channels, channels, 3);
    this.norm2 = normed();
    this.block1 = block(0);
    this.block2 = block(1);
    this.block3 = block(2);
    this.block4 = block(3);
    this.block5 = block(4);
    this.block6 = block(5);
    this.conv3 = new ConvLayer(channels, channels, 3);
    this.norm3 = normed();
    this.conv4 = new ConvLayer(channels, pictureChannels, 3);
  }

  protected forward(input: Tensor): Tensor {
    let x = relu(through(this.norm1, this.conv1.apply(input)));
    x = relu(through(this.norm2, this.conv2.apply(x)));
    let streams: Streams = { x, res: x };
    for (const block of [this.block1, this.block2, this.block3, this.block4, this.block5, this.block6])
      streams = block.apply(streams);
    x = relu(through(this.norm3, this.conv3.apply(streams.x)));
    return add(tanh(this.conv4.apply(x)), input);
  }
}

/**
 * DuRN-P, Gaussian noise (CVPR 2019, §4.2; official file pietorch/DuRN_P.py): 110 parameter tensors, 816,225 numbers.
 * [N, 1, H, W] grey in [0, 1] → the same; the result is not clamped. Any H, W ≥ 16.
 */
export class DuRN_P extends FullResolution {
  readonly pictures = { colour: 'grey', multiple: 1, least: 16 } as const;

  constructor() {
    super(1, { channels: 32, norm: 'batch' });
  }
}

/**
 * DuRN-P without norms, real noise (official file pietorch/DuRN_P_no_norm.py): 56 parameter tensors, 815,651 numbers.
 * [N, 3, H, W] RGB in [0, 1] → the same; the result is not clamped. Any H, W ≥ 16.
 */
export class DuRN_P_no_norm extends FullResolution {
  readonly pictures = { colour: 'rgb', multiple: 1, least: 16 } as const;

  constructor() {
    super(3, { channels: 32, norm: 'none' });
  }
}

/**
 * DuRN-S, rain streaks (CVPR 2019, §4.5; official file pietorch/DuRN_S.py, whose comment calls it the network for
 * Gaussian noise): 170 parameter tensors, 3,729,923 numbers. [N, 3, H, W] RGB in [0, 1] → the same; the result is not
 * clamped. Any H, W ≥ 16.
 */
export class DuRN_S extends FullResolution {
  readonly pictures = { colour: 'rgb', multiple: 1, least: 16 } as const;

  constructor() {
    super(3, { channels: 64, norm: 'batch', attention: 32 });
  }
}
