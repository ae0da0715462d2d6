import { constant, type Tensor } from '../graph/tensor.js';
import { Conv2d } from '../nn/conv2d.js';
import { Module } from '../nn/module.js';
import { maxPool2d } from '../ops/max-pool2d.js';
import { mul } from '../ops/mul.js';
import { relu } from '../ops/relu.js';
import { sub } from '../ops/sub.js';

/** Channels of the convolutions; 'M' halves the picture. */
const LAYERS = {
  vgg16: [64, 64, 'M', 128, 128, 'M', 256, 256, 256, 'M', 512, 512, 512, 'M', 512, 512, 512, 'M'],
  vgg19: [64, 64, 'M', 128, 128, 'M', 256, 256, 256, 256, 'M', 512, 512, 512, 512, 'M', 512, 512, 512, 512, 'M'],
} as const;

/** Name of one of torchvision’s VGG networks. */
export type VggKind = keyof typeof LAYERS;

/**
 * Preprocessing of pictures, RGB in [0, 1], before the first convolution:
 * - `none`: nothing (AECR-Net, multiweather);
 * - `imagenet`: minus torchvision's mean, divided by its standard deviation;
 * - `imagenet-vgg-verydeep-19`: times 255, minus the mean of the MATLAB model of that name (AFR-Net).
 */
export type VggPreprocessing = 'none' | 'imagenet' | 'imagenet-vgg-verydeep-19';

const PREPROCESSING: Readonly<Record<VggPreprocessing, { factor: number[]; shift: number[] }>> = {
  none: { factor: [1, 1, 1], shift: [0, 0, 0] },
  imagenet: {
    factor: [1 / 0.229, 1 / 0.224, 1 / 0.225],
    shift: [0.485 / 0.229, 0.456 / 0.224, 0.406 / 0.225],
  },
  'imagenet-vgg-verydeep-19': { factor: [255, 255, 255], shift: [123.68, 116.779, 103.939] },
};

/**
 * The convolutions of VGG16 or VGG19 under torchvision's names ("features.0.weight" …), as a frozen judge of pictures.
 * Its parameters belong to a separate network: no optimiser's list holds them.
 */
export class Vgg extends Module<[Tensor], Tensor[]> {
  /** Convolutions by index in torchvision's `features`; ReLUs and poolings have no parameters and leave holes. */
  readonly features: (Conv2d | undefined)[] = [];
  private readonly plan: ('conv' | 'relu' | 'pool')[] = [];

  /** @param outputs indices in torchvision's `features` whose results are returned; the ReLU after conv 0 is 1 */
  constructor(
    readonly kind: VggKind,
    private readonly outputs: readonly number[],
    private readonly preprocessing: VggPreprocessing = 'none',
  ) {
    super();
    const last = Math.max(...outputs);
    let channels = 3;
    for (const layer of LAYERS[kind]) {
      if (this.plan.length > last) break;
      if (layer === 'M') {
        this.plan.push('pool');
        continue;
      }
      this.features[this.plan.length] = new Conv2d(channels, layer, 3, { padding: 1 });
      this.plan.push('conv', 'relu');
      channels = layer;
    }
  }

  protected forward(picture: Tensor): Tensor[] {
    const { factor, shift } = PREPROCESSING[this.preprocessing];
    const plain = this.preprocessing === 'none';
    let x = plain ? picture : sub(mul(picture, perChannel(factor)), perChannel(shift));
    const found = new Map<number, Tensor>();
    for (const [index, step] of this.plan.entries()) {
      x = step === 'conv' ? this.features[index]!.apply(x) : step === 'relu' ? relu(x) : maxPool2d(x, 2);
      found.set(index, x);
    }
    return this.outputs.map((index) => found.get(index)!);
  }
}

function perChannel(values: readonly number[]): Tensor {
  return constant(values, [1, values.length, 1, 1]);
}
