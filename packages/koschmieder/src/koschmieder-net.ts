import {
  add,
  Conv2d,
  clamp,
  concat,
  exp,
  Module,
  maxPool2d,
  mean,
  mul,
  neg,
  pixelShuffle,
  pixelUnshuffle,
  relu,
  resizeBilinear,
  slice,
  split,
  square,
  sub,
  type Tensor,
} from '@unweather/core-tensor';

/** Channels of the four levels; each is half of the size of the one before. */
const WIDTHS = [48, 64, 96, 128] as const;
/** Channels upsampled to the full size, and channels of the layers there. */
const [RAISED, FINE] = [12, 16];
/** Side, in pixels, of the blocks that are folded into channels. */
export type Fold = 2 | 4;
/** Radius of the dark channel's windows, in pixels of the first level. */
const DARK = 2;
/** Logarithm of the strongest and the weakest contrast gain. */
const [MOST, LEAST] = [3, -0.7];

/**
 * Removes haze, or the veil and the streaks of rain, by Koschmieder's law, J = (I − A)/t + A: a network at a half or a
 * quarter of the size and less estimates 1/t and the airlight A of every pixel; a few layers at full size sharpen both
 * and add a residual. Detail comes from the input by construction. Ours, from no paper. [N, 3, H, W] RGB in [0, 1] → the
 * same, not clamped; H and W multiples of eight folds. No norm: training and evaluation are alike. With zeros in `last`
 * it returns its input.
 */
export class KoschmiederNet extends Module {
  readonly pictures: { colour: 'rgb'; multiple: number; least: number; tile: number };
  readonly stem: Conv2d;
  readonly encoder = WIDTHS.map((width, i) => new Level(width, i < 2 ? 1 : 2));
  readonly downs = WIDTHS.slice(1).map((width, i) => new Conv2d(WIDTHS[i]!, width, 3, { stride: 2, padding: 1 }));
  readonly context = new Context(WIDTHS[3]);
  readonly ups = WIDTHS.slice(1).map((width, i) => new Conv2d(width, WIDTHS[i]!, 3, { padding: 1 }));
  readonly decoder = WIDTHS.slice(1).map((_, i) => new Level(WIDTHS[i]!, 1));
  readonly raise: Conv2d;
  readonly fine = new Conv2d(RAISED + 3, FINE, 3, { padding: 1 });
  readonly finer = new Conv2d(FINE, FINE, 3, { padding: 1 });
  readonly last = new Conv2d(FINE, 7, 3, { padding: 1 });

  /** @param fold 4 for haze, which is smooth; 2 for rain, whose streaks a block of 4 pixels would hide */
  constructor(private readonly fold: Fold) {
    super();
    this.pictures = { colour: 'rgb', multiple: 8 * fold, least: 8 * fold, tile: 320 * fold };
    this.stem = new Conv2d(3 * fold ** 2 + 2, WIDTHS[0], 3, { padding: 1 });
    this.raise = new Conv2d(WIDTHS[0], RAISED * fold ** 2, 1);
  }

  protected forward(x: Tensor): Tensor {
    const folded = pixelUnshuffle(x, this.fold);
    let h = relu(this.stem.apply(concat([folded, ...darkChannels(x, this.fold)], 1)));
    const skips: Tensor[] = [];
    for (const [i, level] of this.encoder.entries()) {
      h = level.apply(h);
      if (i < this.downs.length) {
        skips.push(h);
        h = relu(this.downs[i]!.apply(h));
      }
    }
    h = this.context.apply(h);
    for (let i = this.ups.length - 1; i >= 0; i--) {
      const raised = this.ups[i]!.apply(resizeBilinear(h, { factor: 2 }));
      h = this.decoder[i]!.apply(relu(add(raised, skips[i]!)));
    }
    const raised = pixelShuffle(this.raise.apply(h), this.fold);
    const fine = relu(this.fine.apply(concat([raised, x], 1)));
    const found = this.last.apply(relu(this.finer.apply(fine)));
    const channels = (from: number, to: number) => slice(found, 1, from, to);
    const gain = exp(clamp(channels(0, 1), LEAST, MOST));
    const airlight = add(channels(1, 4), 1);
    return add(add(mul(sub(x, airlight), gain), airlight), channels(4, 7));
  }
}

/** Minimum over all channels of each block of pixels, and over the window around it: both [N, 1, H/fold, W/fold]. */
function darkChannels(x: Tensor, fold: Fold): [Tensor, Tensor] {
  const [red, green, blue] = split(maxPool2d(neg(x), fold), 1, 3) as [Tensor, Tensor, Tensor];
  const most = larger(larger(red, green), blue);
  return [neg(most), neg(maxPool2d(most, 2 * DARK + 1, { stride: 1, padding: square(DARK) }))];
}

function larger(a: Tensor, b: Tensor): Tensor {
  return add(a, relu(sub(b, a)));
}

/** Residual blocks in a row, x + conv(relu(conv(x))). */
class Level extends Module {
  readonly blocks: readonly Residual[];

  constructor(channels: number, count: number) {
    super();
    this.blocks = Array.from({ length: count }, () => new Residual(channels));
  }

  protected forward(x: Tensor): Tensor {
    return this.blocks.reduce((h, block) => block.apply(h), x);
  }
}

class Residual extends Module {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;

  constructor(channels: number) {
    super();
    this.conv1 = new Conv2d(channels, channels, 3, { padding: 1 });
    this.conv2 = new Conv2d(channels, channels, 3, { padding: 1 });
  }

  protected forward(x: Tensor): Tensor {
    return add(x, this.conv2.apply(relu(this.conv1.apply(x))));
  }
}

/** Adds a vector computed from the mean over the whole picture to every pixel. */
class Context extends Module {
  readonly squeeze: Conv2d;
  readonly spread: Conv2d;

  constructor(channels: number) {
    super();
    this.squeeze = new Conv2d(channels, channels, 1);
    this.spread = new Conv2d(channels, channels, 1);
  }

  protected forward(x: Tensor): Tensor {
    return add(x, this.spread.apply(relu(this.squeeze.apply(mean(x, [2, 3])))));
  }
}
