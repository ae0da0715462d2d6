import { l1AndSsim } from '@unweather/core-tensor';

/** 0.75·L1 − 1.1·SSIM of the full picture, as DuRN is trained; ours for students that learn from pairs alone. */
export const similarityAndDifference = l1AndSsim({ l1: 0.75, ssim: -1.1 });
