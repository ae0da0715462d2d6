import { channelPlanes } from './channels.js';
import { type Field, filtered } from './filter.js';
import { metric } from './metric.js';
import { planeSimilarity } from './ssim.js';
import { gaussian11 } from './window.js';

/** Exponents from the finest scale to the coarsest (Wang, Simoncelli and Bovik 2003). */
const EXPONENTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333] as const;

/**
 * Multi-scale SSIM (Wang 2003) as in the authors' msssim.m: 11×11 Gaussian window inside the picture only; 2×2 means
 * from scale to scale, an odd last row or column mirrored; contrast and structure at every scale, luminance at the
 * last. A scale whose mean is below 0 counts as 0. Computed on RGB bytes, channel by channel, then averaged.
 */
export const msSsim = metric({
  name: 'ms-ssim',
  description: 'multi-scale SSIM of RGB bytes, five scales, 11×11 Gaussian window, per channel and averaged',
  better: 'higher',
  decimals: 4,
  noReference: false,
  // The window must still fit after four halvings.
  least: 161,
  measure(restored, truth) {
    const { width, height, planes } = channelPlanes(restored);
    const others = channelPlanes(truth).planes;
    const scores = planes.map((values, index) =>
      product({ width, height, values }, { width, height, values: others[index]! }),
    );
    return scores.reduce((a, b) => a + b) / scores.length;
  },
});

function product(x: Field, y: Field): number {
  let score = 1;
  for (const [scale, exponent] of EXPONENTS.entries()) {
    const { similarity, structure } = planeSimilarity(x.values, y.values, x, 255, gaussian11);
    const last = scale === EXPONENTS.length - 1;
    score *= Math.max(last ? similarity : structure, 0) ** exponent;
    if (!last) [x, y] = [halved(x), halved(y)];
  }
  return score;
}

function halved(field: Field): Field {
  return filtered(field, { weights: [0.5, 0.5], first: 0, step: 2, beyond: 'mirrored' });
}
