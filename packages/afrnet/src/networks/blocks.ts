import { add, concat, Module, type Tensor } from '@unweather/core-tensor';
import { Conv, type ConvKind, conv3, lrelu } from './layers.js';

/** Wraps a module in one more name level, as TensorFlow's scopes repeat themselves. */
class Scope extends Module {
  readonly #inner: Module;

  constructor(name: string, inner: Module) {
    super();
    this.#inner = inner;
    Object.assign(this, { [name]: inner });
  }

  protected forward(x: Tensor): Tensor {
    return this.#inner.apply(x);
  }
}

/** Names parts by a common name and a number from 1. */
function numbered(name: string, parts: readonly Module[]): Record<string, Module> {
  return Object.fromEntries(parts.map((part, i) => [`${name}${i + 1}`, part]));
}

/** x + conv(lrelu(conv(x))), nothing after the sum. */
class ResBlock extends Module {
  readonly res1: Scope;
  readonly res2: Scope;

  constructor(channels: number, kind: ConvKind) {
    super();
    this.res1 = new Scope('conv_1', conv3(kind, channels, channels));
    this.res2 = new Scope('conv_2', conv3(kind, channels, channels));
  }

  protected forward(x: Tensor): Tensor {
    return add(x, this.res2.apply(lrelu(this.res1.apply(x))));
  }
}

/** Residual blocks in a row; one called RES_BLOCK3 holds RES_BLOCK31, RES_BLOCK32, … */
export class ResBlocks extends Module {
  readonly #blocks: readonly ResBlock[];

  constructor(name: string, channels: number, count: number, kind: ConvKind = 'full') {
    super();
    this.#blocks = Array.from({ length: count }, () => new ResBlock(channels, kind));
    Object.assign(this, numbered(name, this.#blocks));
  }

  protected forward(x: Tensor): Tensor {
    return this.#blocks.reduce((y, block) => block.apply(y), x);
  }
}

/**
 * A dense block whose later layers lack one input each, as in the official code: the second layer reads x only, the
 * third x and the first; none reads the second. A 1×1 convolution reads x and all layers; x is added to its result.
 */
class LocalBlock extends Module {
  readonly #layers: readonly Module[];
  readonly #conv: Conv;

  constructor(name: string, channels: number, layers: 2 | 3) {
    super();
    const inputs = [channels, channels, 2 * channels].slice(0, layers);
    this.#layers = inputs.map((from) => new Scope('block_conv', conv3('full', from, channels)));
    this.#conv = new Conv((layers + 1) * channels, channels, 1);
    Object.assign(this, numbered(name, this.#layers), { conv: this.#conv });
  }

  protected forward(x: Tensor): Tensor {
    const outputs: Tensor[] = [];
    for (const [i, layer] of this.#layers.entries())
      outputs.push(lrelu(layer.apply(i < 2 ? x : concat([x, outputs[0]!], 1))));
    return add(x, lrelu(this.#conv.apply(concat([x, ...outputs], 1))));
  }
}

/** Two local blocks in parallel on x; a 1×1 convolution reads x and both, and nothing is added. */
export class GlobalBlock extends Module {
  readonly #locals: readonly LocalBlock[];
  readonly #conv: Conv;

  constructor(name: string, channels: number, layers: 2 | 3) {
    super();
    this.#locals = [1, 2].map((i) => new LocalBlock(`${name}${i}`, channels, layers));
    this.#conv = new Conv(3 * channels, channels, 1);
    Object.assign(this, numbered(name, this.#locals), { conv: this.#conv });
  }

  protected forward(x: Tensor): Tensor {
    return lrelu(this.#conv.apply(concat([x, ...this.#locals.map((local) => local.apply(x))], 1)));
  }
}
