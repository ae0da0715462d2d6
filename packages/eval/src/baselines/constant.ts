import { toFloats } from '@unweather/core-tensor';
import type { Baseline } from './baseline.js';

/** Transmission of one constant haze with white airlight: the best fit to 51 pictures of SOTS indoor. */
const TRANSMISSION = 0.65;

/** Removes the same haze from every picture. */
export const constant: Baseline = {
  name: 'constant',
  description: `one haze for all, (I − ${(1 - TRANSMISSION).toFixed(2)}) / ${TRANSMISSION}, clamped`,
  tasks: ['haze'],
  restore: (picture) => {
    const { width, height, data } = toFloats(picture);
    const stretched = data.map((value) => Math.min(Math.max((value - (1 - TRANSMISSION)) / TRANSMISSION, 0), 1));
    return { width, height, data: stretched };
  },
};
