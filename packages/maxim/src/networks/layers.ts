import {
  add,
  addmm,
  conv2d,
  fill,
  type Initialiser,
  layerNorm,
  Module,
  Parameter,
  reshape,
  split,
  square,
  type Tensor,
  transpose,
} from '@unweather/core-tensor';

/** Draws from a normal distribution of mean 0. */
export function normal(deviation: number): Initialiser {
  return (count, random) => new Float32Array(count).map(() => deviation * random.normal());
}

/** Standard deviation of a normal distribution of deviation 1 whose values beyond ±2 are drawn anew. */
const TRUNCATED = 0.8796256610342398;

/** Flax's default of convolutions and dense layers: normal of variance 1/fan, cut at two standard deviations. */
export function lecunNormal(fan: number): Initialiser {
  const deviation = 1 / Math.sqrt(fan) / TRUNCATED;
  return (count, random) =>
    new Float32Array(count).map(() => {
      let value = random.normal();
      while (Math.abs(value) > 2) value = random.normal();
      return deviation * value;
    });
}

/** The initial values of dense layers inside gated MLPs. */
export const small = normal(0.02);

/** [N, H, W, C] → [N, C, H, W]. */
export function toChannelsFirst(x: Tensor): Tensor {
  return transpose(x, [0, 3, 1, 2]);
}

/** [N, C, H, W] → [N, H, W, C]. */
export function toChannelsLast(x: Tensor): Tensor {
  return transpose(x, [0, 2, 3, 1]);
}

/** The features [N, C, H, W] that x is a transposition of; undefined if it is none. */
export function planesOf(x: Tensor): Tensor | undefined {
  const planes = toChannelsFirst(x);
  return x.source.kind === 'node' && x.source.node.inputs[0] === planes ? planes : undefined;
}

/** All positions of all pictures as the rows of a matrix: […, C] → [P, C]. */
export function rowsOf(x: Tensor): Tensor {
  return reshape(x, [-1, Number(x.shape.at(-1))]);
}

/** Flax's `nn.LayerNorm` over the last axis; state: `scale`, `bias` [channels]. */
export class LayerNorm extends Module {
  readonly scale: Parameter;
  readonly bias: Parameter;

  constructor(channels: number) {
    super();
    this.scale = new Parameter([channels], fill(1));
    this.bias = new Parameter([channels], fill(0));
  }

  protected forward(x: Tensor): Tensor {
    return layerNorm(x, this.scale.tensor, this.bias.tensor, 1e-6);
  }
}

/** Flax's `nn.Dense` on rows, [P, in] → [P, out]; state: `kernel` [in, out], `bias` [out]. */
export class Dense extends Module {
  readonly kernel: Parameter;
  readonly bias: Parameter;

  constructor(from: number, to: number, initial: Initialiser = lecunNormal(from), initialBias = fill(0)) {
    super();
    this.kernel = new Parameter([from, to], initial);
    this.bias = new Parameter([to], initialBias);
  }

  protected forward(rows: Tensor): Tensor {
    return addmm(this.bias.tensor, rows, this.kernel.tensor);
  }

  /** Both halves of the result, each computed on its own: cheaper than splitting the whole. */
  halves(rows: Tensor): [Tensor, Tensor] {
    const [kernels, biases] = [split(this.kernel.tensor, 1, 2), split(this.bias.tensor, 0, 2)];
    return [addmm(biases[0]!, rows, kernels[0]!), addmm(biases[1]!, rows, kernels[1]!)];
  }

  /** The result for two halves side by side, without concatenating them. */
  ofHalves(left: Tensor, right: Tensor): Tensor {
    const [above, below] = split(this.kernel.tensor, 0, 2) as [Tensor, Tensor];
    return addmm(addmm(this.bias.tensor, left, above), right, below);
  }

  /**
   * Mixes tokens instead of channels: the layer runs along the first axes. → [out, places · channels].
   * @param x [tokens …, places …, C], or as rows
   * @param above number that is added to the result
   */
  along(x: Tensor, above = 0): Tensor {
    const tokens = this.bias.shape[0]!;
    const bias = above === 0 ? this.bias.tensor : add(this.bias.tensor, above);
    return addmm(reshape(bias, [tokens, 1]), transpose(this.kernel.tensor, [1, 0]), reshape(x, [tokens, -1]));
  }
}

/** Flax's `nn.Conv`, [N, H, W, in] → [N, H', W', out]; state: `kernel` [kh, kw, in, out], `bias` [out]. */
export class Conv extends Module {
  readonly kernel: Parameter;
  readonly bias: Parameter;

  constructor(
    from: number,
    to: number,
    side: number,
    private readonly options: { readonly stride?: number; readonly padding?: number } = {},
  ) {
    super();
    this.kernel = new Parameter([side, side, from, to], lecunNormal(side * side * from));
    this.bias = new Parameter([to], fill(0));
  }

  protected forward(x: Tensor): Tensor {
    const { stride = 1, padding = (this.kernel.shape[0]! - 1) / 2 } = this.options;
    const weight = transpose(this.kernel.tensor, [3, 2, 0, 1]);
    return toChannelsLast(conv2d(toChannelsFirst(x), weight, this.bias.tensor, { stride, padding: square(padding) }));
  }
}
