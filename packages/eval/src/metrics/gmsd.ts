import type { Picture } from '@unweather/core-tensor';
import { type Field, filtered, type Line } from './filter.js';
import { metric } from './metric.js';

/** Constant that keeps quotients of small slopes near 1; the authors' value for luma of 0 … 255. */
const STABILISER = 170;

const HALF: Line = { weights: [0.5, 0.5], first: 0, step: 2, beyond: 'zeros' };
const STEP: Line = { weights: [1 / 3, 0, -1 / 3], first: -1, beyond: 'zeros' };
const SUM: Line = { weights: [1, 1, 1], first: -1, beyond: 'zeros' };

/**
 * Gradient-magnitude similarity deviation (Xue, Zhang, Mou and Bovik 2014) as in the authors' GMSD.m: 2×2 means with
 * stride 2; Prewitt slopes; the deviation (n − 1) of their similarity; zeros beyond the border. The script takes grey
 * pictures; this takes BT.601's full-range luma, not rounded.
 */
export const gmsd = metric({
  name: 'gmsd',
  description: 'gradient-magnitude similarity deviation of full-range luma',
  better: 'lower',
  decimals: 4,
  noReference: false,
  least: 4,
  measure(restored, truth) {
    const [a, b] = [slopes(restored), slopes(truth)];
    const similarity = a.map((x, i) => (2 * x * b[i]! + STABILISER) / (x * x + b[i]! * b[i]! + STABILISER));
    const mean = similarity.reduce((sum, value) => sum + value) / similarity.length;
    const squares = similarity.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return Math.sqrt(squares / (similarity.length - 1));
  },
});

/** Gradient magnitude of the halved luma at every place. */
function slopes(picture: Picture): Float64Array {
  const small = filtered(luma(picture), HALF);
  const [across, down] = [filtered(small, STEP, SUM), filtered(small, SUM, STEP)];
  return new Float64Array(across.values).map((x, i) => Math.sqrt(x * x + down.values[i]! ** 2));
}

function luma({ width, height, data }: Picture): Field {
  const values = new Float64Array(width * height);
  for (let i = 0, from = 0; i < values.length; i++, from += 3)
    values[i] = 0.299 * data[from]! + 0.587 * data[from + 1]! + 0.114 * data[from + 2]!;
  return { width, height, values };
}
