import {
  add,
  Lambda,
  Linear,
  Module,
  max,
  mean,
  mul,
  relu,
  reshape,
  Sequential,
  sigmoid,
  type Tensor,
} from '@unweather/core-tensor';

/** A small network on one number per channel; without biases. */
function squeeze(channels: number, hidden: number): Sequential {
  const linear = (from: number, to: number) => new Linear(from, to, { bias: false });
  return new Sequential(linear(channels, hidden), new Lambda(relu), linear(hidden, channels));
}

/** Reshapes [N, C, 1, 1] to [N, C], and back. */
const flat = (x: Tensor) => reshape(x, [0, -1]);
const spread = (x: Tensor) => reshape(x, [0, -1, 1, 1]);

/** Weights channels by a small network on their global averages (official classes SE and SE_A). */
export class SqueezeExcitation extends Module {
  readonly fc: Sequential;

  /** @param reduction channels per hidden unit */
  constructor(channels: number, reduction: number) {
    super();
    this.fc = squeeze(channels, channels / reduction);
  }

  protected forward(x: Tensor): Tensor {
    return mul(x, spread(sigmoid(this.fc.apply(flat(mean(x, [2, 3]))))));
  }
}

/** Weights channels by one small network on their global maxima and averages (official class SE_A_M). */
export class SqueezeAverageMaximum extends Module {
  readonly fc: Sequential;

  constructor(channels: number) {
    super();
    this.fc = squeeze(channels, channels / 4);
  }

  protected forward(x: Tensor): Tensor {
    const [largest, average] = [max(x, [2, 3]), mean(x, [2, 3])].map((pooled) => this.fc.apply(flat(pooled)));
    return mul(x, spread(sigmoid(add(largest!, average!))));
  }
}

/** CBAM's channel gate, whose small network has biases. */
export class ChannelGate extends Module {
  readonly mlp: Sequential;

  constructor(channels: number) {
    super();
    const hidden = channels / 4;
    const layers = [new Linear(channels, hidden), new Lambda(relu), new Linear(hidden, channels)];
    this.mlp = new Sequential(new Lambda(flat), ...layers);
  }

  protected forward(x: Tensor): Tensor {
    const [average, largest] = [mean(x, [2, 3]), max(x, [2, 3])].map((pooled) => this.mlp.apply(pooled));
    return mul(x, spread(sigmoid(add(average!, largest!))));
  }
}
