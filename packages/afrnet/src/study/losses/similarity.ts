import { type Loss, l1, mul, ssim, sub } from '@unweather/core-tensor';

/** 0.75·L1 − 1.1·SSIM of the full picture, as DuRN is trained; ours for students that learn from pairs alone. */
export const similarityAndDifference: Loss = (output, target) => {
  const similarity = ssim(output, target);
  const difference = l1(output, target);
  const total = sub(mul(difference, 0.75), mul(similarity, 1.1));
  return { total, ssim: similarity, l1: difference };
};
