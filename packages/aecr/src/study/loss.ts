import {
  CONTRASTIVE_LAYERS,
  contrastive,
  type Loss,
  l1,
  l1AndSsim,
  readVgg,
  Vgg,
  weightedLoss,
} from '@unweather/core-tensor';
import type { EquippedLoss } from '@unweather/lab';

/** Weight of the contrastive term in the paper; 0 by default in the published script. */
const BETA = 0.1;

/** L1 alone, the loss of the published script without options. */
export const l1Alone: Loss = (output, target) => ({ total: l1(output, target) });

/** L1 − 0.2·SSIM; ours, for weights that preserve detail without a VGG19. */
export const l1AndSimilarity = l1AndSsim({ l1: 1, ssim: -0.2 });

/**
 * L1 + 0.1·contrastive regularisation (§3.3; official file CR.py): pulls the result towards the truth and pushes it
 * away from the hazy picture in the features of a frozen VGG19, whose inputs are not normalised as for ImageNet.
 * @param positiveOnly the paper's ablation, without the hazy picture
 */
export function l1AndContrast({ positiveOnly = false } = {}): EquippedLoss {
  const vgg = new Vgg('vgg19', CONTRASTIVE_LAYERS);
  return {
    loss: weightedLoss({ l1: 1, contrastive: BETA }, (output, target, degraded) => ({
      l1: l1(output, target),
      contrastive: contrastive(vgg, output, target, degraded, { positiveOnly }),
    })),
    judges: { parameters: vgg.parameters('vgg19'), read: ({ vgg: path }) => readVgg(vgg, path) },
  };
}
