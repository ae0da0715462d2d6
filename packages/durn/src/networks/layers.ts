import {
  add,
  BatchNorm2d,
  Conv2d,
  fill,
  instanceNormal,
  Lambda,
  Module,
  mul,
  Parameter,
  pixelShuffle,
  reflectPad2d,
  reshape,
  square,
  type Tensor,
  uniform,
} from '@unweather/core-tensor';

export interface ConvLayerOptions {
  readonly dilation?: number;
  readonly stride?: number;
  /**
   * Padding of dilated kernels: P, P without norm and S mirror; U, US and S-P pad with zeros if the dilation is above 1
   * (each network's official file has a ConvLayer of its own). Kernels without dilation always mirror.
   */
  readonly dilated?: 'reflect' | 'zero';
}

/** Convolution whose padding keeps the size at stride 1: dilation·(kernel − 1)/2 on all four sides (ConvLayer). */
export class ConvLayer extends Module {
  readonly conv2d: Conv2d;
  private readonly reflection: number;

  constructor(inChannels: number, outChannels: number, kernel: number, options: ConvLayerOptions = {}) {
    super();
    const { dilation = 1, stride = 1, dilated = 'reflect' } = options;
    const reach = (dilation * (kernel - 1)) / 2;
    const zeros = dilation > 1 && dilated === 'zero';
    this.reflection = zeros ? 0 : reach;
    this.conv2d = new Conv2d(inChannels, outChannels, kernel, { dilation, stride, padding: zeros ? reach : 0 });
  }

  protected forward(x: Tensor): Tensor {
    return this.conv2d.apply(this.reflection === 0 ? x : reflectPad2d(x, square(this.reflection)));
  }
}

export type NormKind = 'batch' | 'instance' | 'none';

/** Wraps a normalisation in one more name level, as in the official state_dict (`norm1.norm.weight`). */
export class Norm extends Module {
  readonly norm: Module;

  constructor(kind: 'batch' | 'instance', channels: number) {
    super();
    this.norm = kind === 'batch' ? new BatchNorm2d(channels) : new InsNorm(channels);
  }

  protected forward(x: Tensor): Tensor {
    return this.norm.apply(x);
  }
}

/**
 * Instance normalisation as trained weights need it (N_modules.py, InsNorm): the official code adds `scale` by mistake
 * instead of `shift`. `shift` is part of the state, but never read and never trained.
 */
class InsNorm extends Module {
  readonly scale: Parameter;
  readonly shift: Parameter;

  constructor(channels: number) {
    super();
    this.scale = new Parameter([channels], uniform(0, 1));
    this.shift = new Parameter([channels], fill(0));
  }

  protected forward(x: Tensor): Tensor {
    const scale = reshape(this.scale.tensor, [1, -1, 1, 1]);
    return add(mul(instanceNormal(x, 1e-9), scale), scale);
  }
}

/** Pixel shuffle: doubles the size and leaves a quarter of the channels. */
export function upsampling(): Module {
  return new Lambda((x) => pixelShuffle(x, 2));
}
