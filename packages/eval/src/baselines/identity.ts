import type { Baseline } from './baseline.js';

/** Returns the picture unchanged. */
export const identity: Baseline = {
  name: 'identity',
  description: 'the picture as it came',
  restore: (picture) => picture,
};
