import { UserError } from '@unweather/core-tensor';
import { grey } from '../grey.js';
import { metric } from '../metric.js';
import { distance, gaussianOf } from './distance.js';
import { contrastNormalised, featuresOf, halved } from './features.js';
import { pristineModel } from './model.js';

const BLOCK = 96;
const SCALES = 2;

/**
 * Natural image quality evaluator (Mittal, Soundararajan and Bovik 2013) as in the authors' computequality.m, with
 * their model: blocks of 96×96 without overlap, two scales, MATLAB's `rgb2gray` and `imresize`. Pixels left over at the
 * right and the bottom are ignored. Blocks in which a distribution has no value on one side (flat ones) are left out;
 * the authors' script includes the features that such blocks have in the mean.
 */
export const niqe = metric({
  name: 'niqe',
  description: 'natural image quality evaluator (no reference) of grey bytes, blocks of 96×96, the authors’ model',
  better: 'lower',
  decimals: 3,
  noReference: true,
  least: BLOCK,
  measure(restored) {
    const { width, height } = restored;
    const [across, down] = [Math.floor(width / BLOCK), Math.floor(height / BLOCK)];
    const features: number[][] = Array.from({ length: across * down }, () => []);
    let luma = grey(restored, across * BLOCK, down * BLOCK);
    for (let scale = 0; scale < SCALES; scale++) {
      const side = BLOCK / 2 ** scale;
      const field = contrastNormalised(luma);
      for (const [i, block] of features.entries())
        block.push(...featuresOf(field, Math.floor(i / across) * side, (i % across) * side, side));
      luma = halved(luma);
    }
    const whole = features.filter((block) => !block.some(Number.isNaN));
    if (whole.length < 2)
      throw new UserError(
        `niqe needs at least two blocks of ${BLOCK}×${BLOCK} pixels that are not flat, the picture of ${width}×${height} ` +
          `has ${whole.length}; use a larger picture or another metric`,
      );
    return distance(pristineModel(), gaussianOf(whole));
  },
});
