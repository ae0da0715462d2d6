import {
  add,
  BatchNorm2d,
  Conv2d,
  Lambda,
  Linear,
  Module,
  mean,
  mul,
  reflectPad2d,
  relu,
  reshape,
  Sequential,
  sigmoid,
  square,
  type Tensor,
} from '@unweather/core-tensor';

/** Convolution that keeps the size: reflection padding of dilation·(kernel − 1)/2, then no padding (DuRN_S.py, ConvLayer). */
export class ConvLayer extends Module {
  readonly conv2d: Conv2d;
  private readonly reflection: number;

  constructor(inChannels: number, outChannels: number, kernel: number, dilation = 1) {
    super();
    this.reflection = (dilation * (kernel - 1)) / 2;
    this.conv2d = new Conv2d(inChannels, outChannels, kernel, { dilation });
  }

  protected forward(x: Tensor): Tensor {
    return this.conv2d.apply(reflectPad2d(x, square(this.reflection)));
  }
}

/** Batch normalisation behind one more name, as the official state_dict has it (`norm1.norm.weight`). */
export class Norm extends Module {
  readonly norm: BatchNorm2d;

  constructor(channels: number) {
    super();
    this.norm = new BatchNorm2d(channels);
  }

  protected forward(x: Tensor): Tensor {
    return this.norm.apply(x);
  }
}

/** Squeeze-and-excitation: channels weighted by a small network of their global averages (SEBasicBlock's SELayer). */
class ChannelAttention extends Module {
  readonly avg_pool = new Lambda((x) => mean(x, [2, 3]));
  readonly fc: Sequential;

  constructor(
    private readonly channels: number,
    hidden: number,
  ) {
    super();
    this.fc = new Sequential(
      new Linear(channels, hidden),
      new Lambda(relu),
      new Linear(hidden, channels),
      new Lambda(sigmoid),
    );
  }

  protected forward(x: Tensor): Tensor {
    const weights = this.fc.apply(reshape(this.avg_pool.apply(x), [0, this.channels]));
    return mul(x, reshape(weights, [0, this.channels, 1, 1]));
  }
}

/** Residual block with channel attention; its convolutions pad with zeros and have no bias. `hidden` is a width, not a ratio. */
export class SEBasicBlock extends Module {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly se: ChannelAttention;
  readonly bn1: BatchNorm2d;
  readonly bn2: BatchNorm2d;

  constructor(channels: number, hidden: number) {
    super();
    this.conv1 = new Conv2d(channels, channels, 3, { padding: 1, bias: false });
    this.conv2 = new Conv2d(channels, channels, 3, { padding: 1, bias: false });
    this.se = new ChannelAttention(channels, hidden);
    this.bn1 = new BatchNorm2d(channels);
    this.bn2 = new BatchNorm2d(channels);
  }

  protected forward(x: Tensor): Tensor {
    const first = relu(this.bn1.apply(this.conv1.apply(x)));
    const second = this.bn2.apply(this.conv2.apply(first));
    return relu(add(this.se.apply(second), x));
  }
}
