import {
  add,
  addmm,
  constant,
  conv2d,
  fill,
  indexSelect,
  Module,
  matmul,
  mul,
  Parameter,
  pixelShuffle,
  reshape,
  reshapeLike,
  resizeBilinear,
  slice,
  type Tensor,
  transpose,
} from '@unweather/core-tensor';
import { lecunNormal, planesOf, rowsOf, toChannelsFirst, toChannelsLast } from './layers.js';

// MAXIM reads resized and concatenated features with 1×1 convolutions only. Resizing, concatenating and convolving are
// linear, and bilinear shares add up to 1. So the kernels of two layers are multiplied instead of their features, each
// part is convolved where it is smallest, and the results are added. At full size this takes a tenth of the products.

/** Features that only a 1×1 convolution reads. */
export interface Unread {
  readonly channels: number;
  /**
   * The features after a 1×1 convolution, [N, H, W, out] or the same transposed once more.
   * @param kernel [channels, out]
   * @param bias [out]
   */
  convolved(kernel: Tensor, bias: Tensor | undefined): Tensor;
}

/** Features that exist, [N, H, W, C]. */
export function existing(x: Tensor): Unread {
  return {
    channels: Number(x.shape[3]),
    convolved(kernel, bias) {
      const [from, to] = kernel.shape as [number, number];
      const planes = planesOf(x);
      if (planes !== undefined) return toChannelsLast(conv2d(planes, pointwise(kernel), bias));
      if (bias === undefined) return matmul(x, kernel);
      return from === to ? reshapeLike(addmm(bias, rowsOf(x), kernel), x) : add(matmul(x, kernel), bias);
    },
  };
}

/** Features side by side. */
export function concatenated(parts: readonly Unread[]): Unread {
  const starts = parts.map((_, i) => parts.slice(0, i).reduce((sum, { channels }) => sum + channels, 0));
  return {
    channels: parts.reduce((sum, { channels }) => sum + channels, 0),
    convolved: (kernel, bias) =>
      sum(
        parts.map((part, i) => {
          const own = slice(kernel, 0, starts[i]!, starts[i]! + part.channels);
          return part.convolved(own, i === 0 ? bias : undefined);
        }),
      ),
  };
}

/** The same features twice, side by side. */
export function doubled(x: Tensor): Unread {
  const once = existing(x);
  const { channels } = once;
  return {
    channels: 2 * channels,
    convolved: (kernel, bias) =>
      once.convolved(add(slice(kernel, 0, 0, channels), slice(kernel, 0, channels, 2 * channels)), bias),
  };
}

/** 1×1 convolution (Flax's `nn.Conv`), → [N, H, W, out]; state: `kernel` [1, 1, in, out], `bias` [out]. */
export class PointwiseConv extends Module<[x: Unread]> {
  readonly kernel: Parameter;
  readonly bias: Parameter;

  constructor(from: number, to: number) {
    super();
    this.kernel = new Parameter([1, 1, from, to], lecunNormal(from));
    this.bias = new Parameter([to], fill(0));
  }

  protected forward(x: Unread): Tensor {
    return x.convolved(this.matrix, this.bias.tensor);
  }

  /** The kernel as a matrix [in, out]. */
  get matrix(): Tensor {
    return reshape(this.kernel.tensor, this.kernel.shape.slice(2));
  }
}

/** Bilinear resizing and a 1×1 convolution (official `UpSampleRatio`). */
export class UpSampleRatio extends Module<[x: Tensor], Unread> {
  readonly Conv_0: PointwiseConv;

  /** @param ratio a power of two; below 1 it averages over all pixels, as `jax.image.resize` does */
  constructor(
    from: number,
    private readonly to: number,
    private readonly ratio: number,
  ) {
    super();
    this.Conv_0 = new PointwiseConv(from, to);
  }

  protected forward(x: Tensor): Unread {
    const { ratio, to: channels, Conv_0: own } = this;
    const resized = (planes: Tensor) => resizeBilinear(planes, { factor: ratio }, { antialias: true });
    return {
      channels,
      convolved(kernel, bias) {
        const weight = pointwise(matmul(own.matrix, kernel));
        const offset = through(own.bias.tensor, kernel, bias);
        const planes = toChannelsFirst(x);
        if (ratio === 1) return toChannelsLast(conv2d(planes, weight, offset));
        return toChannelsLast(
          ratio > 1 ? resized(conv2d(planes, weight, offset)) : conv2d(resized(planes), weight, offset),
        );
      },
    };
  }
}

/**
 * Transposed 2×2 convolution of stride 2 (Flax's `nn.ConvTranspose`): every pixel becomes 2×2. State: `kernel` [2, 2, in,
 * out], whose taps run from bottom right to top left, and `bias` [out].
 */
export class ConvTranspose extends Module<[x: Tensor], Unread> {
  readonly kernel: Parameter;
  readonly bias: Parameter;

  constructor(from: number, to: number) {
    super();
    this.kernel = new Parameter([2, 2, from, to], lecunNormal(4 * from));
    this.bias = new Parameter([to], fill(0));
  }

  protected forward(x: Tensor): Unread {
    const [, , from, channels] = this.kernel.shape as [number, number, number, number];
    const { kernel: own, bias: ownBias } = this;
    return {
      channels,
      convolved(kernel, bias) {
        const to = Number(kernel.shape[1]);
        const taps = reshape(matmul(own.tensor, kernel), [4, from, to]);
        const flipped = indexSelect(taps, 0, constant([3, 2, 1, 0], [4], 'int64'));
        const weight = reshape(transpose(flipped, [2, 0, 1]), [4 * to, from, 1, 1]);
        const offset = mul(reshape(through(ownBias.tensor, kernel, bias), [to, 1]), constant([1, 1, 1, 1], [1, 4]));
        return toChannelsLast(pixelShuffle(conv2d(toChannelsFirst(x), weight, reshape(offset, [4 * to])), 2));
      },
    };
  }
}

/** A matrix [in, out] as the weight of a 1×1 convolution, [out, in, 1, 1]. */
function pointwise(kernel: Tensor): Tensor {
  const [from, to] = kernel.shape as [number, number];
  return reshape(transpose(kernel, [1, 0]), [to, from, 1, 1]);
}

/** A bias [in] after a matrix [in, out], plus a further bias. */
function through(inner: Tensor, kernel: Tensor, outer: Tensor | undefined): Tensor {
  const [from, to] = kernel.shape as [number, number];
  const row = reshape(inner, [1, from]);
  return reshape(outer ? addmm(outer, row, kernel) : matmul(row, kernel), [to]);
}

/** Sum of features; those that lie channels first are added before they are transposed. */
function sum(parts: readonly Tensor[]): Tensor {
  const planes = parts.map(planesOf).filter((x) => x !== undefined);
  const last = parts.filter((x) => planesOf(x) === undefined);
  const added = planes.length > 0 ? [toChannelsLast(planes.reduce((a, b) => add(a, b)))] : [];
  return [...added, ...last].reduce((a, b) => add(a, b));
}
