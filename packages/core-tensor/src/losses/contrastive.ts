import type { Tensor } from '../graph/tensor.js';
import { add } from '../ops/add.js';
import { concat } from '../ops/concat.js';
import { div } from '../ops/div.js';
import { mul } from '../ops/mul.js';
import { slice } from '../ops/slice.js';
import { stopGradient } from '../ops/stop-gradient.js';
import type { Vgg } from '../vgg/vgg.js';
import { l1 } from './l1.js';

/** Layers of VGG19 whose ReLUs AECR-Net compares. */
export const CONTRASTIVE_LAYERS = [1, 6, 11, 20, 29] as const;
/** Weight of the term of each of AECR-Net's layers, shallow to deep. */
export const CONTRASTIVE_WEIGHTS = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1] as const;
const EPSILON = 1e-7;

/** Options of the contrastive loss. */
export interface ContrastiveOptions {
  /** One weight per feature that the VGG returns; default: AECR-Net's. */
  readonly weights?: readonly number[];
  /** Compare with the positive only (the ablation of AECR-Net's paper). */
  readonly positiveOnly?: boolean;
  /**
   * Number of pictures in the batch: compares every anchor with all negatives of the batch (multiweather's hard
   * regularisation). By default an anchor is compared with its own negative only.
   */
  readonly allNegativesOf?: number;
}

/**
 * Contrastive regularisation (AECR-Net, CVPR 2021; official file CR.py): the restored picture should be near the truth
 * and far from the degraded picture, in VGG's features:
 * Σ weight · L1(anchor, positive) / (L1(anchor, negative) + 1e-7); no gradient passes to positive and negative.
 * Any network may use it.
 * @param vgg usually VGG19 with {@link CONTRASTIVE_LAYERS} and no preprocessing
 * @param anchor restored, @param positive true, @param negative degraded pictures, [N, 3, H, W]
 */
export function contrastive(
  vgg: Vgg,
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  { weights = CONTRASTIVE_WEIGHTS, positiveOnly = false, allNegativesOf }: ContrastiveOptions = {},
): Tensor {
  const features = (picture: Tensor) => vgg.apply(picture);
  const [a, p] = [features(anchor), features(positive).map(stopGradient)];
  const n = positiveOnly ? undefined : features(negative).map(stopGradient);
  return weights
    .map((weight, i) => {
      const near = l1(a[i]!, p[i]!);
      const far = n && (allNegativesOf === undefined ? l1(a[i]!, n[i]!) : l1OfAllPairs(a[i]!, n[i]!, allNegativesOf));
      const ratio = far === undefined ? near : div(near, add(far, EPSILON));
      return mul(ratio, weight);
    })
    .reduce((sum, term) => add(sum, term));
}

/** Mean |a_i − b_j| over all pairs of a batch: b is rotated along the batch, so that no tensor of all pairs is made. */
function l1OfAllPairs(a: Tensor, b: Tensor, batch: number): Tensor {
  const turned = (by: number) => (by === 0 ? b : concat([slice(b, 0, by), slice(b, 0, 0, by)], 0));
  const sum = Array.from({ length: batch }, (_, by) => l1(a, turned(by))).reduce((x, y) => add(x, y));
  return mul(sum, 1 / batch);
}
