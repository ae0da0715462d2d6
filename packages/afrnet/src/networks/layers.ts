import {
  Conv2d,
  ConvTranspose2d,
  fill,
  type Initialiser,
  leakyRelu,
  Module,
  reflectPad2d,
  type Tensor,
  uniform,
} from '@unweather/core-tensor';

/** Leaky ReLU of slope 0.1, the only activation inside the network. */
export function lrelu(x: Tensor): Tensor {
  return leakyRelu(x, 0.1);
}

/** Glorot's uniform distribution; fans are channels times the kernel's area. */
function glorot(from: number, to: number, area: number): Initialiser {
  const limit = Math.sqrt(6 / ((from + to) * area));
  return uniform(-limit, limit);
}

export interface ConvOptions {
  readonly stride?: 1 | 2;
  readonly bias?: boolean;
}

/**
 * Convolution with reflection padding that keeps the size, or halves an even one. If kernel − stride is odd, the
 * padding is wider at the top and left: 1 and 0 for a 3×3 kernel of stride 2, as in the TensorFlow code.
 */
export class Conv extends Conv2d {
  private readonly before: number;
  private readonly after: number;

  constructor(from: number, to: number, kernel: number, { stride = 1, bias = true }: ConvOptions = {}) {
    super(from, to, kernel, { stride, bias, initial: glorot(from, to, kernel * kernel), initialBias: fill(0) });
    this.before = (kernel - 1) / 2;
    this.after = kernel - stride - this.before;
  }

  protected override forward(x: Tensor): Tensor {
    const [top, bottom] = [this.before, this.after];
    return super.forward(top === 0 ? x : reflectPad2d(x, { top, left: top, bottom, right: bottom }));
  }
}

/** Separable 3×3 convolution: a depthwise one, then a 1×1 one with the only bias. */
export class SeparableConv extends Module {
  readonly depthwise: DepthwiseConv;
  readonly pointwise: Conv;

  constructor(from: number, to: number, { stride = 1 }: ConvOptions = {}) {
    super();
    this.depthwise = new DepthwiseConv(from, stride);
    this.pointwise = new Conv(from, to, 1);
  }

  protected forward(x: Tensor): Tensor {
    return this.pointwise.apply(this.depthwise.apply(x));
  }
}

/** 3×3 convolution with one kernel per channel, with reflection padding as in {@link Conv}. */
class DepthwiseConv extends Conv2d {
  constructor(
    channels: number,
    private readonly step: 1 | 2,
  ) {
    super(channels, channels, 3, { stride: step, groups: channels, bias: false, initial: glorot(1, 1, 9) });
  }

  protected override forward(x: Tensor): Tensor {
    const after = 2 - this.step;
    return super.forward(reflectPad2d(x, { top: 1, left: 1, bottom: after, right: after }));
  }
}

/** Kind of the 3×3 convolutions between features. */
export type ConvKind = 'full' | 'separable';

/** Makes a 3×3 convolution of the given kind. */
export function conv3(kind: ConvKind, from: number, to: number, stride: 1 | 2 = 1): Module {
  return kind === 'full' ? new Conv(from, to, 3, { stride }) : new SeparableConv(from, to, { stride });
}

/** TensorFlow's transposed 3×3 convolution, stride 2, "SAME": twice the size, cropped only at the bottom and right. */
export class Deconv extends ConvTranspose2d {
  constructor(from: number, to: number) {
    super(from, to, 3, {
      stride: 2,
      padding: { top: 0, left: 0, bottom: 1, right: 1 },
      initial: glorot(from, to, 9),
      initialBias: fill(0),
    });
  }
}
