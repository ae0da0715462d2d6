import { add, fill, gelu, Module, mul, reshapeLike, type Tensor } from '@unweather/core-tensor';
import { Dense, LayerNorm, rowsOf, small } from './layers.js';
import { partition } from './partition.js';
import { ConvTranspose, existing, PointwiseConv, type Unread } from './reading.js';

/** Gating weights from features (official `GetSpatialGatingWeights`); rows of a picture → the same. */
class SpatialGatingWeights extends Module<[rows: Tensor, picture: Tensor]> {
  readonly LayerNorm_in: LayerNorm;
  readonly in_project: Dense;
  readonly Dense_0: Dense;
  readonly Dense_1: Dense;
  readonly out_project: Dense;

  constructor(
    channels: number,
    private readonly side: number,
  ) {
    super();
    const mixing = () => new Dense(side ** 2, side ** 2, small, fill(1));
    this.LayerNorm_in = new LayerNorm(channels);
    this.in_project = new Dense(channels, 2 * channels);
    this.Dense_0 = mixing();
    this.Dense_1 = mixing();
    this.out_project = new Dense(2 * channels, channels);
  }

  protected forward(rows: Tensor, picture: Tensor): Tensor {
    const { side } = this;
    const [u, v] = this.in_project.halves(this.LayerNorm_in.apply(rows));
    const far = partition(gelu(u), picture, { kind: 'grid', side });
    const near = partition(gelu(v), picture, { kind: 'block', side });
    const mixed = [
      far.restore(this.Dense_0.along(far.ordered)),
      near.restore(this.Dense_1.along(near.ordered)),
    ] as const;
    return this.out_project.ofHalves(...mixed);
  }
}

/**
 * The cross-gating block (§3.3; official `CrossGatingBlock`): features x and a signal y, each weighted by what the other
 * gives. [N, H, W, C] → both, x with everything added. With `doubles`, y has half the height and width.
 */
export class CrossGating extends Module<[x: Unread, y: Tensor], { readonly x: Tensor; readonly y: Tensor }> {
  readonly ConvTranspose_0?: ConvTranspose;
  readonly Conv_0: PointwiseConv;
  readonly Conv_1: PointwiseConv;
  readonly LayerNorm_x: LayerNorm;
  readonly in_project_x: Dense;
  readonly SplitHeadMultiAxisGating_x: SpatialGatingWeights;
  readonly LayerNorm_y: LayerNorm;
  readonly in_project_y: Dense;
  readonly SplitHeadMultiAxisGating_y: SpatialGatingWeights;
  readonly out_project_y: Dense;
  readonly out_project_x: Dense;

  /** @param from channels of x, @param doubles channels of a y of half the size; by default y is of x's size */
  constructor(channels: number, side: number, { from = channels, doubles }: { from?: number; doubles?: number } = {}) {
    super();
    const dense = () => new Dense(channels, channels);
    if (doubles !== undefined) this.ConvTranspose_0 = new ConvTranspose(doubles, channels);
    this.Conv_0 = new PointwiseConv(from, channels);
    this.Conv_1 = new PointwiseConv(channels, channels);
    this.LayerNorm_x = new LayerNorm(channels);
    this.in_project_x = dense();
    this.SplitHeadMultiAxisGating_x = new SpatialGatingWeights(channels, side);
    this.LayerNorm_y = new LayerNorm(channels);
    this.in_project_y = dense();
    this.SplitHeadMultiAxisGating_y = new SpatialGatingWeights(channels, side);
    this.out_project_y = dense();
    this.out_project_x = dense();
  }

  protected forward(x: Unread, y: Tensor) {
    const signal = this.ConvTranspose_0 ? this.ConvTranspose_0.apply(y) : existing(y);
    const [shortcutX, shortcutY] = [this.Conv_0.apply(x), this.Conv_1.apply(signal)];
    const [rowsX, rowsY] = [rowsOf(shortcutX), rowsOf(shortcutY)];
    const innerX = gelu(this.in_project_x.apply(this.LayerNorm_x.apply(rowsX)));
    const innerY = gelu(this.in_project_y.apply(this.LayerNorm_y.apply(rowsY)));
    const gateX = this.SplitHeadMultiAxisGating_x.apply(innerX, shortcutX);
    const gateY = this.SplitHeadMultiAxisGating_y.apply(innerY, shortcutX);
    const gatedY = add(this.out_project_y.apply(mul(innerY, gateX)), rowsY);
    const gatedX = add(add(this.out_project_x.apply(mul(innerX, gateY)), gatedY), rowsX);
    return { x: reshapeLike(gatedX, shortcutX), y: reshapeLike(gatedY, shortcutX) };
  }
}
