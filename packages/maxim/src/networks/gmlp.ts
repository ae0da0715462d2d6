import { add, gelu, Module, mul, reshapeLike, type Tensor } from '@unweather/core-tensor';
import { Dense, LayerNorm, rowsOf, small } from './layers.js';
import { partition, type Tokens } from './partition.js';

/** Width of the hidden layers of gated MLPs, in multiples of their input. */
const FACTOR = 2;

/** Spatial gating (official `GridGatingUnit`, `BlockGatingUnit`): u · (v, mixed over tokens, + 1). */
class GatingUnit extends Module<[u: Tensor, v: Tensor]> {
  readonly intermediate_layernorm: LayerNorm;
  readonly Dense_0: Dense;

  constructor(channels: number, tokens: number) {
    super();
    this.intermediate_layernorm = new LayerNorm(channels);
    this.Dense_0 = new Dense(tokens, tokens, small);
  }

  protected forward(u: Tensor, v: Tensor): Tensor {
    return mul(u, reshapeLike(this.Dense_0.along(this.intermediate_layernorm.apply(v), 1), u));
  }
}

/** Gated MLP over the tokens of one axis (official `GridGmlpLayer`, `BlockGmlpLayer`); rows of a picture → the same. */
class GmlpLayer extends Module<[rows: Tensor, picture: Tensor]> {
  readonly LayerNorm: LayerNorm;
  readonly in_project: Dense;
  readonly BlockGatingUnit?: GatingUnit;
  readonly GridGatingUnit?: GatingUnit;
  readonly out_project: Dense;

  constructor(
    channels: number,
    private readonly tokens: Tokens,
  ) {
    super();
    const hidden = (channels * FACTOR) / 2;
    this.LayerNorm = new LayerNorm(channels);
    this.in_project = new Dense(channels, 2 * hidden, small);
    const gating = new GatingUnit(hidden, tokens.side ** 2);
    if (tokens.kind === 'grid') this.GridGatingUnit = gating;
    else this.BlockGatingUnit = gating;
    this.out_project = new Dense(hidden, channels, small);
  }

  protected forward(rows: Tensor, picture: Tensor): Tensor {
    const { ordered, restore } = partition(rows, picture, this.tokens);
    const shortcut = rowsOf(ordered);
    const [u, v] = this.in_project.halves(this.LayerNorm.apply(shortcut));
    const gated = (this.GridGatingUnit ?? this.BlockGatingUnit)!.apply(gelu(u), gelu(v));
    return restore(add(this.out_project.apply(gated), shortcut));
  }
}

/**
 * The multi-axis gated MLP block (§3.2; official `ResidualSplitHeadMultiAxisGmlpLayer`): half of the channels mix over
 * a grid, the other half within blocks. [N, H, W, C] → the same, H and W multiples of `side`.
 * @param side number of cells of the grid and size of the blocks, along each axis
 */
export class MultiAxisGmlp extends Module {
  readonly LayerNorm_in: LayerNorm;
  readonly in_project: Dense;
  readonly GridGmlpLayer: GmlpLayer;
  readonly BlockGmlpLayer: GmlpLayer;
  readonly out_project: Dense;

  constructor(channels: number, side: number) {
    super();
    this.LayerNorm_in = new LayerNorm(channels);
    this.in_project = new Dense(channels, 2 * channels, small);
    this.GridGmlpLayer = new GmlpLayer(channels, { kind: 'grid', side });
    this.BlockGmlpLayer = new GmlpLayer(channels, { kind: 'block', side });
    this.out_project = new Dense(2 * channels, channels, small);
  }

  protected forward(x: Tensor): Tensor {
    const [u, v] = this.in_project.halves(this.LayerNorm_in.apply(rowsOf(x)));
    const [far, near] = [this.GridGmlpLayer.apply(gelu(u), x), this.BlockGmlpLayer.apply(gelu(v), x)];
    return add(reshapeLike(this.out_project.ofHalves(far, near), x), x);
  }
}
