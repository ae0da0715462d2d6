import { Conv2d, Module, maxPool2d, relu, type Tensor } from '@unweather/core-tensor';

/** AlexNet's convolutions, named as in torchvision ("features.0.weight" …); returns the outputs of its five ReLUs. */
export class AlexNet extends Module<[Tensor], Tensor[]> {
  /** Convolutions by index in torchvision's `features`; ReLUs and poolings have no parameters and leave holes. */
  readonly features: (Conv2d | undefined)[] = [];

  constructor() {
    super();
    this.features[0] = new Conv2d(3, 64, 11, { stride: 4, padding: 2 });
    this.features[3] = new Conv2d(64, 192, 5, { padding: 2 });
    this.features[6] = new Conv2d(192, 384, 3, { padding: 1 });
    this.features[8] = new Conv2d(384, 256, 3, { padding: 1 });
    this.features[10] = new Conv2d(256, 256, 3, { padding: 1 });
  }

  protected forward(picture: Tensor): Tensor[] {
    const found: Tensor[] = [];
    let x = picture;
    for (const [index, layer] of this.features.entries()) {
      if (layer === undefined) continue;
      if (index === 3 || index === 6) x = maxPool2d(x, 3, { stride: 2 });
      x = relu(layer.apply(x));
      found.push(x);
    }
    return found;
  }
}
