import type { Tensor } from '../graph/tensor.js';
import { conv2d, square } from '../ops/conv2d.js';
import { fanIn } from './initial.js';
import { type Initialiser, Module, Parameter } from './module.js';

/** Options of a convolution; defaults are PyTorch's. */
export interface Conv2dOptions {
  readonly stride?: number;
  readonly dilation?: number;
  readonly groups?: number;
  /** Zeros added at each of the four sides. */
  readonly padding?: number;
  readonly bias?: boolean;
  /** Initial values of weight and bias; default: PyTorch's, uniform in ±1/√fan_in. */
  readonly initial?: Initialiser;
  /** Initial values of the bias; default: as `initial`. */
  readonly initialBias?: Initialiser;
}

/** Convolution of NCHW pictures as PyTorch's `nn.Conv2d`; state: `weight` [out, in/groups, k, k], `bias` [out]. */
export class Conv2d extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;

  constructor(
    inChannels: number,
    outChannels: number,
    kernel: number,
    private readonly options: Conv2dOptions = {},
  ) {
    super();
    const perGroup = inChannels / (options.groups ?? 1);
    const initial = options.initial ?? fanIn(perGroup * kernel * kernel);
    this.weight = new Parameter([outChannels, perGroup, kernel, kernel], initial);
    if (options.bias !== false) this.bias = new Parameter([outChannels], options.initialBias ?? initial);
  }

  protected forward(x: Tensor): Tensor {
    const { stride = 1, dilation = 1, groups = 1, padding = 0 } = this.options;
    return conv2d(x, this.weight.tensor, this.bias?.tensor, { stride, dilation, groups, padding: square(padding) });
  }
}
