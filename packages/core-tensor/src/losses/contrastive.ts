import { constant, type Tensor } from '../graph/tensor.js';
import { add } from '../ops/add.js';
import { div } from '../ops/div.js';
import { mul } from '../ops/mul.js';
import { stopGradient } from '../ops/stop-gradient.js';
import type { Vgg } from '../vgg/vgg.js';
import { l1 } from './l1.js';

/** Layers of VGG19 whose ReLUs AECR-Net compares, and the weights of their terms. */
export const CONTRASTIVE_LAYERS = [1, 6, 11, 20, 29] as const;
export const CONTRASTIVE_WEIGHTS = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1] as const;
const EPSILON = 1e-7;

export interface ContrastiveOptions {
  /** One per feature that the VGG returns; default: AECR-Net's. */
  readonly weights?: readonly number[];
  /** Compare with the positive only (the ablation of AECR-Net's paper). */
  readonly positiveOnly?: boolean;
}

/**
 * Contrastive regularisation (AECR-Net, CVPR 2021; official file CR.py): the restored picture should be near the truth
 * and far from the degraded picture, in VGG's features. Σ weight · L1(anchor, positive) / (L1(anchor, negative) + 1e-7);
 * no gradient passes to positive and negative. Any network may use it.
 * @param vgg usually VGG19 with {@link CONTRASTIVE_LAYERS} and no preprocessing
 * @param anchor restored, @param positive true, @param negative degraded pictures, [N, 3, H, W]
 */
export function contrastive(
  vgg: Vgg,
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  { weights = CONTRASTIVE_WEIGHTS, positiveOnly = false }: ContrastiveOptions = {},
): Tensor {
  const features = (picture: Tensor) => vgg.apply(picture);
  const [a, p] = [features(anchor), features(positive).map(stopGradient)];
  const n = positiveOnly ? undefined : features(negative).map(stopGradient);
  return weights
    .map((weight, i) => {
      const near = l1(a[i]!, p[i]!);
      const ratio = n === undefined ? near : div(near, add(l1(a[i]!, n[i]!), constant(EPSILON)));
      return mul(ratio, constant(weight));
    })
    .reduce((sum, term) => add(sum, term));
}
