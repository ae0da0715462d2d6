import {
  add,
  Conv2d,
  ConvTranspose2d,
  concat,
  Module,
  mul,
  PReLU,
  reflectPad2d,
  relu,
  Sequential,
  square,
  type Tensor,
} from '@unweather/core-tensor';

/** Convolution after mirror padding of ⌊kernel/2⌋ pixels (official class ConvLayer). */
export class RConv extends Module {
  readonly conv2d: Conv2d;
  private readonly reach: number;

  constructor(from: number, to: number, kernel: number, stride = 1) {
    super();
    this.conv2d = new Conv2d(from, to, kernel, { stride });
    this.reach = Math.floor(kernel / 2);
  }

  protected forward(x: Tensor): Tensor {
    return this.conv2d.apply(reflectPad2d(x, square(this.reach)));
  }
}

/** Transposed convolution 3×3 of stride 2 (official class UpsampleConvLayer): a side of n becomes 2n + 1. */
export class UpConv extends Module {
  readonly conv2d: ConvTranspose2d;

  constructor(from: number, to: number) {
    super();
    this.conv2d = new ConvTranspose2d(from, to, 3, { stride: 2 });
  }

  protected forward(x: Tensor): Tensor {
    return this.conv2d.apply(x);
  }
}

/** x plus a tenth of two convolutions, with a PReLU between them that has one slope for all channels. */
export class Residual extends Module {
  readonly conv1: RConv;
  readonly conv2: RConv;
  readonly relu = new PReLU();

  constructor(channels: number) {
    super();
    this.conv1 = new RConv(channels, channels, 3);
    this.conv2 = new RConv(channels, channels, 3);
  }

  protected forward(x: Tensor): Tensor {
    return add(mul(this.conv2.apply(this.relu.apply(this.conv1.apply(x))), 0.1), x);
  }
}

/** Three residual blocks, named "0", "1", "2". */
export function group(channels: number): Sequential {
  return new Sequential(...Array.from({ length: 3 }, () => new Residual(channels)));
}

/** Layer of a dense block: concatenates its input with its new features. */
class DenseLayer extends Module {
  readonly conv: Conv2d;

  constructor(from: number, growth: number) {
    super();
    this.conv = new Conv2d(from, growth, 3, { padding: 1, bias: false });
  }

  protected forward(x: Tensor): Tensor {
    return concat([x, relu(this.conv.apply(x))], 1);
  }
}

/** Residual dense block of four layers, old features first (official class RDB). */
export class DenseBlock extends Module {
  readonly dense_layers: readonly DenseLayer[];
  readonly conv_1x1: Conv2d;

  constructor(channels: number, growth: number) {
    super();
    this.dense_layers = Array.from({ length: 4 }, (_, j) => new DenseLayer(channels + j * growth, growth));
    this.conv_1x1 = new Conv2d(channels + 4 * growth, channels, 1, { bias: false });
  }

  protected forward(x: Tensor): Tensor {
    return add(this.conv_1x1.apply(this.dense_layers.reduce((y, layer) => layer.apply(y), x)), x);
  }
}

/** Doubles the sides: transposed convolution 4×4, then a PReLU (official class DeconvBlock). */
export class Up extends Module {
  readonly deconv: ConvTranspose2d;
  readonly act = new PReLU();

  constructor(from: number, to: number) {
    super();
    this.deconv = new ConvTranspose2d(from, to, 4, { stride: 2, padding: 1 });
  }

  protected forward(x: Tensor): Tensor {
    return this.act.apply(this.deconv.apply(x));
  }
}

/** Halves the sides: convolution 4×4, then a PReLU (official class ConvBlock). */
export class Down extends Module {
  readonly conv: Conv2d;
  readonly act = new PReLU();

  constructor(from: number, to: number) {
    super();
    this.conv = new Conv2d(from, to, 4, { stride: 2, padding: 1 });
  }

  protected forward(x: Tensor): Tensor {
    return this.act.apply(this.conv.apply(x));
  }
}
