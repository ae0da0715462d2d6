import {
  add,
  BatchNorm2d,
  type Conv2d,
  Lambda,
  Module,
  relu,
  resizeNearest,
  Sequential,
  type Tensor,
} from '@unweather/core-tensor';
import { conv } from './scales.js';

/** Branches of a stage, finest first. */
export type Branches = readonly Tensor[];

class ResidualBlock extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;

  constructor(channels: number) {
    super();
    this.conv1 = conv(channels, channels, 3);
    this.bn1 = new BatchNorm2d(channels);
    this.conv2 = conv(channels, channels, 3);
    this.bn2 = new BatchNorm2d(channels);
  }

  protected forward(x: Tensor): Tensor {
    const y = relu(this.bn1.apply(this.conv1.apply(x)));
    return relu(add(this.bn2.apply(this.conv2.apply(y)), x));
  }
}

/** Parallel module (paper, Fig. 2): a residual block on each branch, without exchange between branches. */
export class HorizontalModule extends Module<[Branches], Branches> {
  readonly branches: readonly Sequential[];

  constructor(channels: readonly number[]) {
    super();
    this.branches = channels.map((count) => new Sequential(new ResidualBlock(count)));
  }

  protected forward(x: Branches): Branches {
    return this.branches.map((branch, i) => branch.apply(x[i]!));
  }
}

/** 3×3 convolution of stride 2 and a norm, with or without a ReLU. */
function halving(from: number, to: number, rectified: boolean): Sequential {
  const layers = [conv(from, to, 3, { stride: 2 }), new BatchNorm2d(to)];
  return new Sequential(...layers, ...(rectified ? [new Lambda(relu)] : []));
}

/**
 * Fusion module (paper, Fig. 2): each output branch is the sum of all input branches, brought to its size and channels.
 * Coarser ones pass a 1×1 convolution, a norm and nearest-neighbour upsampling, in this order; finer ones pass
 * convolutions of stride 2.
 * @param outputs number of output branches, the finest first; default: all
 */
export class FusionModule extends Module<[Branches], Branches> {
  /** Layers by output branch, then input branch; undefined where the two are the same. */
  readonly fuse_layers: readonly (readonly (Sequential | undefined)[])[];

  constructor(channels: readonly number[], outputs = channels.length) {
    super();
    this.fuse_layers = channels.slice(0, outputs).map((to, i) =>
      channels.map((from, j) => {
        if (j === i) return undefined;
        if (j > i) return new Sequential(conv(from, to, 1), new BatchNorm2d(to));
        const steps = Array.from({ length: i - j }, (_, k) => k === i - j - 1);
        return new Sequential(...steps.map((last) => halving(from, last ? to : from, !last)));
      }),
    );
  }

  protected forward(x: Branches): Branches {
    return this.fuse_layers.map((layers, i) => {
      const like = x[i]!;
      const parts = layers.map((layer, j) => {
        const part = layer?.apply(x[j]!) ?? x[j]!;
        return j > i ? resizeNearest(part, { like }) : part;
      });
      return relu(parts.reduce((sum, part) => add(sum, part)));
    });
  }
}

/** Opens a coarser branch (official class TransitionModule); the others pass, converted if their channels change. */
export class TransitionModule extends Module<[Branches], Branches> {
  /** Layers by branch; undefined where a branch passes unchanged. */
  readonly transition_layers: readonly (Sequential | undefined)[];

  constructor(
    private readonly before: readonly number[],
    now: readonly number[],
  ) {
    super();
    this.transition_layers = now.map((to, i) => {
      const from = before[i];
      if (from === to) return undefined;
      if (from === undefined) return new Sequential(halving(before.at(-1)!, to, true));
      return new Sequential(conv(from, to, 3), new BatchNorm2d(to), new Lambda(relu));
    });
  }

  protected forward(x: Branches): Branches {
    const last = this.before.length - 1;
    return this.transition_layers.map((layer, i) => {
      const from = x[Math.min(i, last)]!;
      return layer?.apply(from) ?? from;
    });
  }
}
