import { add, fill, Module, mul, Parameter, sigmoid, sub, type Tensor } from '@unweather/core-tensor';

/** Adaptive mixup: σ(w)·a + (1 − σ(w))·b, with one learnt number. */
export class Mixup extends Module<[Tensor, Tensor]> {
  readonly w: Parameter;

  constructor(initial: number) {
    super();
    this.w = new Parameter([1], fill(initial));
  }

  protected forward(a: Tensor, b: Tensor): Tensor {
    const share = sigmoid(this.w.tensor);
    return add(mul(a, share), mul(b, sub(1, share)));
  }
}
