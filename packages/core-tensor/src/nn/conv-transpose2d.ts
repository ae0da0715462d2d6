import type { Tensor } from '../graph/tensor.js';
import { convTranspose2d } from '../ops/conv-transpose2d.js';
import { square } from '../ops/conv2d.js';
import type { Padding } from '../ops/reflect-pad2d.js';
import type { Conv2dOptions } from './conv2d.js';
import { fanIn } from './initial.js';
import { Module, Parameter } from './module.js';

/** Options of a transposed convolution, as of a convolution; the padding is cut off the result. */
export interface ConvTranspose2dOptions extends Omit<Conv2dOptions, 'padding'> {
  /** Rows and columns cut off at each side; a number applies to all sides. */
  readonly padding?: number | Padding;
  /** Rows and columns added at the bottom and at the right. */
  readonly outputPadding?: number;
}

/** Transposed convolution as PyTorch's `nn.ConvTranspose2d`; state: `weight` [in, out/groups, k, k], `bias` [out]. */
export class ConvTranspose2d extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;

  constructor(
    inChannels: number,
    outChannels: number,
    kernel: number,
    private readonly options: ConvTranspose2dOptions = {},
  ) {
    super();
    const perGroup = outChannels / (options.groups ?? 1);
    // PyTorch computes the fan-in from the weight's second axis, which here is the outputs.
    const initial = options.initial ?? fanIn(perGroup * kernel * kernel);
    this.weight = new Parameter([inChannels, perGroup, kernel, kernel], initial);
    if (options.bias !== false) this.bias = new Parameter([outChannels], options.initialBias ?? initial);
  }

  protected forward(x: Tensor): Tensor {
    const { padding = 0, outputPadding = 0, ...moves } = this.options;
    return convTranspose2d(x, this.weight.tensor, this.bias?.tensor, {
      ...moves,
      padding: typeof padding === 'number' ? square(padding) : padding,
      outputPadding: [outputPadding, outputPadding],
    });
  }
}
