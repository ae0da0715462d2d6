import type { Baseline } from './baseline.js';

/** The picture as it came. */
export const identity: Baseline = {
  name: 'identity',
  description: 'the picture as it came',
  restore: (picture) => picture,
};
