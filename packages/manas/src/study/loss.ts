import {
  add,
  float32,
  input,
  type Loss,
  type LossTerms,
  mse,
  mul,
  reshape,
  slice,
  split,
  ssim,
  sub,
  type Tensor,
} from '@unweather/core-tensor';
import type { EquippedLoss } from '@unweather/lab';

/** Number of rainy pictures per background: light, medium, heavy in rows 3i, 3i + 1, 3i + 2 of a batch. */
const RAINS = 3;
/** Weight of the total variation. */
const SMOOTHNESS = 1e-4;
/** First epoch of the internal terms, counted from 0. */
const INTERNAL_FROM = 5;
/** Graph input with the weight of the internal terms: 0, later 1. */
const INTERNAL = 'internal_weight';

/** Optional terms of a multi-to-one loss, beside the external squares and the total variation. */
export interface MultiToOneOptions {
  /** Adds 1 − SSIM against the truth. */
  readonly ssim?: boolean;
  /** Terms between the results of one background: none, their squared differences, or 1 − SSIM as well. */
  readonly internal?: 'none' | 'mse' | 'mse+ssim';
}

/**
 * Multi-to-one losses (paper, §III-D; official file utils.py): compare the three results of each background with its
 * one truth, and with one another. Every term is summed over the three (or their three pairs) and averaged over
 * backgrounds. "internal_weight" is an input of the graph. Targets are repeated for each result, [3N, 3, H, W].
 */
export function multiToOneTerms({ ssim: similar = true, internal = 'mse' }: MultiToOneOptions = {}): Loss {
  return (output, target): LossTerms => {
    const terms: Record<string, Tensor> = {
      external: mul(mse(output, target), RAINS),
      variation: mul(totalVariation(output), SMOOTHNESS),
      ...(similar && { ssim: mul(sub(1, ssim(output, target)), RAINS) }),
    };
    if (internal !== 'none') {
      const pairs = pairsOf(output);
      const weight = input(INTERNAL, []);
      const squares = sum(pairs.map(([a, b]) => mse(a, b)));
      const unlike = () => sum(pairs.map(([a, b]) => sub(1, ssim(a, b))));
      terms.internal = mul(internal === 'mse' ? squares : add(squares, unlike()), weight);
    }
    return { total: sum(Object.values(terms)), ...terms };
  };
}

/** Graph input of a multi-to-one loss at an epoch. */
export function internalInput(epoch: number) {
  return { [INTERNAL]: float32(Float32Array.of(epoch >= INTERNAL_FROM ? 1 : 0), []) };
}

/** Multi-to-one loss whose internal terms start with the sixth epoch. */
export function multiToOne(options: MultiToOneOptions = {}): EquippedLoss {
  const loss = multiToOneTerms(options);
  return options.internal === 'none' ? { loss } : { loss, given: internalInput };
}

/**
 * Total variation: twice the mean squared difference of neighbours, down plus across, over all pictures (official class
 * TVLoss, which gives 2/B of the sum over B pictures).
 */
export function totalVariation(x: Tensor): Tensor {
  const along = (axis: number) => mse(slice(x, axis, 1), slice(x, axis, 0, -1));
  return mul(add(along(2), along(3)), 2);
}

/** The three pairs of results of each background: [N, 3, H, W] each. */
function pairsOf(output: Tensor): [Tensor, Tensor][] {
  const [, channels, height, width] = output.shape as number[];
  const [light, medium, heavy] = split(reshape(output, [-1, RAINS * channels!, height!, width!]), 1, RAINS);
  return [
    [light!, medium!],
    [light!, heavy!],
    [medium!, heavy!],
  ];
}

function sum(tensors: readonly Tensor[]): Tensor {
  return tensors.reduce((a, b) => add(a, b));
}
