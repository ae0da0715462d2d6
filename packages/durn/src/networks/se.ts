import {
  add,
  BatchNorm2d,
  Conv2d,
  Lambda,
  Linear,
  Module,
  mean,
  mul,
  relu,
  reshape,
  Sequential,
  sigmoid,
  type Tensor,
} from '@unweather/core-tensor';

/** Squeeze-and-excitation: a small network weights channels from their global averages (se_nets.py, SELayer). */
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

/** Residual block with channel attention; convolutions pad with zeros, no bias. `hidden` is a width, not a ratio. */
export class SEBasicBlock extends Module {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly se: ChannelAttention;
  readonly bn1?: BatchNorm2d;
  readonly bn2?: BatchNorm2d;

  constructor(channels: number, hidden: number, normed: boolean) {
    super();
    this.conv1 = new Conv2d(channels, channels, 3, { padding: 1, bias: false });
    this.conv2 = new Conv2d(channels, channels, 3, { padding: 1, bias: false });
    this.se = new ChannelAttention(channels, hidden);
    if (!normed) return;
    this.bn1 = new BatchNorm2d(channels);
    this.bn2 = new BatchNorm2d(channels);
  }

  protected forward(x: Tensor): Tensor {
    let t = this.conv1.apply(x);
    t = this.conv2.apply(relu(this.bn1?.apply(t) ?? t));
    return relu(add(this.se.apply(this.bn2?.apply(t) ?? t), x));
  }
}
