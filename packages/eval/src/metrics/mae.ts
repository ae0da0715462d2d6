import { metric } from './metric.js';

/** Mean absolute error of bytes over all pixels and channels. */
export const mae = metric({
  name: 'mae',
  description: 'mean absolute error of RGB bytes',
  better: 'lower',
  decimals: 2,
  noReference: false,
  least: 1,
  measure({ data: a }, { data: b }) {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
    return sum / a.length;
  },
});
