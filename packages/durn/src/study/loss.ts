import { type Loss, l1, l1AndSsim, mse, weightedLoss } from '@unweather/core-tensor';

/**
 * The loss of every DuRN task but Gaussian noise: −1.1·SSIM + 0.75·L1 (official train scripts). The paper writes
 * 1.1·(1 − SSIM): the code has no constant, so values differ by 1.1 and gradients not at all.
 */
export const ssimAndL1 = l1AndSsim({ l1: 0.75, ssim: -1.1 });

/** The loss of Gaussian noise: mean squared error (train/gaussian_noise.py). */
export const meanSquaredError: Loss = (output, target) => ({ total: mse(output, target) });

/** The loss of the second phase of raindrops: 1.1·L1 (only a comment in train/raindrop.py, no code). */
export const l1Alone = weightedLoss({ l1: 1.1 }, (output, target) => ({ l1: l1(output, target) }));
