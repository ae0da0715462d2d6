import { l1AndSsim } from '@unweather/core-tensor';

/** 0.75·L1 − 1.1·SSIM of the full picture, as for DuRN; ours, for students that learn without a teacher. */
export const similarityAndDifference = l1AndSsim({ l1: 0.75, ssim: -1.1 });
