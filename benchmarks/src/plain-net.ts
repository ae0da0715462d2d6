import { Conv2d, type Loss, l1, Module, relu, Sequential, type Tensor } from '@unweather/core-tensor';

const DEPTH = 40;
const WIDTH = 32;

/** Forty 3×3 convolutions with ReLUs between them, 32 channels inside: only the parts that every network has. */
export class PlainNet extends Module {
  readonly layers = new Sequential(
    ...Array.from({ length: DEPTH }, (_, i) => {
      const [from, to] = [i === 0 ? 3 : WIDTH, i === DEPTH - 1 ? 3 : WIDTH];
      return new Layer(from, to, i < DEPTH - 1);
    }),
  );

  protected forward(x: Tensor): Tensor {
    return this.layers.apply(x);
  }
}

class Layer extends Module {
  readonly conv: Conv2d;

  constructor(
    from: number,
    to: number,
    private readonly rectified: boolean,
  ) {
    super();
    this.conv = new Conv2d(from, to, 3, { padding: 1 });
  }

  protected forward(x: Tensor): Tensor {
    const y = this.conv.apply(x);
    return this.rectified ? relu(y) : y;
  }
}

export const l1Loss: Loss = (output, target) => ({ total: l1(output, target) });
