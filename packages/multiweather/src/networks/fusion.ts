import { add, Module, sub, type Tensor } from '@unweather/core-tensor';
import { Down, Up } from './parts.js';

/**
 * Dense feature fusion by back-projection (mode "iter2" of the official code): brings the feature to the scale of each
 * earlier one in turn, and adds the difference, brought back to its own scale. All steps share the layers.
 */
function project(
  feature: Tensor,
  memory: readonly Tensor[],
  there: readonly Module[],
  back: readonly Module[],
): Tensor {
  return memory.reduce((u, earlier, i) => {
    const steps = memory.length - i;
    const away = there.slice(0, steps).reduce((e, layer) => layer.apply(e), u);
    const error = sub(away, earlier);
    const returned = back
      .slice(0, steps)
      .reverse()
      .reduce((e, layer) => layer.apply(e), error);
    return add(u, returned);
  }, feature);
}

/** Fusion in the encoder: earlier features are finer, finest first. */
export class EncoderFusion extends Module<[Tensor, readonly Tensor[]]> {
  readonly up_convs: readonly Up[];
  readonly down_convs: readonly Down[];

  /** @param channels of the feature at its own scale; each finer scale has half as many */
  constructor(channels: number, depth: number) {
    super();
    const scales = Array.from({ length: depth }, (_, j) => [channels / 2 ** j, channels / 2 ** (j + 1)] as const);
    this.up_convs = scales.map(([coarse, fine]) => new Up(coarse, fine));
    this.down_convs = scales.map(([coarse, fine]) => new Down(fine, coarse));
  }

  protected forward(feature: Tensor, memory: readonly Tensor[]): Tensor {
    return project(feature, memory, this.up_convs, this.down_convs);
  }
}

/** Fusion in the decoder: earlier features are coarser, coarsest first. */
export class DecoderFusion extends Module<[Tensor, readonly Tensor[]]> {
  readonly down_convs: readonly Down[];
  readonly up_convs: readonly Up[];

  /** @param channels of the feature at its own scale; each coarser scale has twice as many */
  constructor(channels: number, depth: number) {
    super();
    const scales = Array.from({ length: depth }, (_, j) => [channels * 2 ** j, channels * 2 ** (j + 1)] as const);
    this.down_convs = scales.map(([fine, coarse]) => new Down(fine, coarse));
    this.up_convs = scales.map(([fine, coarse]) => new Up(coarse, fine));
  }

  protected forward(feature: Tensor, memory: readonly Tensor[]): Tensor {
    return project(feature, memory, this.down_convs, this.up_convs);
  }
}
