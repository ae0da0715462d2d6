import { UserError } from '@unweather/core-tensor';
import type { Field } from '../filter.js';
import { grey } from '../grey.js';
import { metric } from '../metric.js';
import { fitted, fittedSymmetric, meanOf } from '../niqe/asymmetric.js';
import { contrastNormalised, halved, neighbourProducts } from '../niqe/features.js';
import { predicted } from './regression.js';

const SCALES = 2;

/**
 * Blind/referenceless image spatial quality evaluator (Mittal, Moorthy and Bovik 2012) as in the authors'
 * brisquescore.m, with their support vector regression and ranges: of the whole picture, at two scales, zeros beyond the
 * border, MATLAB's `rgb2gray` and `imresize`. The authors' script passes its features through text files, which round
 * them to six decimals; here nothing is rounded.
 */
export const brisque = metric({
  name: 'brisque',
  description: 'blind image spatial quality evaluator (no reference) of grey bytes, the authors’ model',
  better: 'lower',
  decimals: 3,
  noReference: true,
  least: 16,
  measure(restored) {
    const { width, height } = restored;
    const features: number[] = [];
    let luma = grey(restored, width, height);
    if (luma.values.every((value) => value === luma.values[0]))
      throw new UserError(
        `brisque needs a picture that is not flat, this one of ${width}×${height} is; use another picture or another metric`,
      );
    for (let scale = 0; scale < SCALES; scale++) {
      features.push(...featuresOf(contrastNormalised(luma, 'zeros')));
      luma = halved(luma);
    }
    return predicted(features);
  },
});

/** The 18 features of one scale: distributions of the values and of their products with neighbours. */
function featuresOf(field: Field): number[] {
  const { shape, variance } = fittedSymmetric(field.values);
  return [
    ...[shape, variance],
    ...neighbourProducts(field).flatMap((products) => {
      const pair = fitted(products);
      return [pair.shape, meanOf(pair), pair.leftDeviation ** 2, pair.rightDeviation ** 2];
    }),
  ];
}
