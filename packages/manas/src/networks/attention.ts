import { add, BatchNorm2d, concat, Lambda, Module, relu, Sequential, split, type Tensor } from '@unweather/core-tensor';
import { SqueezeExcitation } from './gates/squeeze.js';
import { conv, EDGES } from './scales.js';

/**
 * Attention module of a branch (paper, §III-C; official classes Attention and FixedAttention) with two nodes: u0 is
 * edge 0 of the first half of the channels, u1 is edge 1 of the second half plus edge 2 of u0. The first half reaches
 * u1 only through u0, because the official code puts the second half in its place.
 */
export class Attention extends Module {
  readonly ops: readonly Module[];
  readonly channel_back: Sequential;
  readonly se: SqueezeExcitation;
  readonly se2: SqueezeExcitation;

  /** @param edge makes an edge, on half of the channels */
  constructor(channels: number, edge: (index: number, channels: number) => Module) {
    super();
    const half = channels / 2;
    this.ops = Array.from({ length: EDGES }, (_, index) => edge(index, half));
    this.channel_back = new Sequential(
      conv(3 * half, channels, 1),
      new BatchNorm2d(channels),
      new Lambda(relu),
      conv(channels, channels, 1),
      new BatchNorm2d(channels),
    );
    this.se = new SqueezeExcitation(half, 4);
    this.se2 = new SqueezeExcitation(channels, 16);
  }

  protected forward(x: Tensor): Tensor {
    const [first, second] = split(x, 1, 2) as [Tensor, Tensor];
    const both = this.se.apply(add(first, second));
    const u0 = this.ops[0]!.apply(first);
    const u1 = add(this.ops[1]!.apply(second), this.ops[2]!.apply(u0));
    const y = add(this.channel_back.apply(concat([u0, u1, both], 1)), x);
    return this.se2.apply(y);
  }
}
