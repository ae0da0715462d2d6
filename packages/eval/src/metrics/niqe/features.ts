import type { Field, Line } from '../filter.js';
import { filtered } from '../filter.js';
import { fitted, meanOf } from './asymmetric.js';

/** Gaussian window along a line: 7×7, σ 7/6. */
const WEIGHTS = normalised(Array.from({ length: 7 }, (_, i) => Math.exp(-((i - 3) ** 2) / (2 * (7 / 6) ** 2))));

/** Luma less its local mean, divided by its local deviation plus 1. @param beyond padding at the border */
export function contrastNormalised(luma: Field, beyond: Line['beyond'] = 'repeated'): Field {
  const line = { weights: WEIGHTS, first: -3, beyond };
  const means = filtered(luma, line).values;
  const squares = filtered({ ...luma, values: new Float64Array(luma.values).map((v) => v * v) }, line).values;
  const values = new Float64Array(luma.values).map((value, i) => {
    const mean = means[i]!;
    return (value - mean) / (Math.sqrt(Math.abs(squares[i]! - mean * mean)) + 1);
  });
  return { ...luma, values };
}

/** Halves a field like MATLAB's `imresize`: bicubic, widened against aliasing, mirrored at the border. */
export function halved(field: Field): Field {
  return filtered(field, { weights: BICUBIC, first: -3, step: 2, beyond: 'mirrored' });
}

/** Keys' cubic at ±0.25, ±0.75, ±1.25 and ±1.75. */
const BICUBIC = normalised([1.75, 1.25, 0.75, 0.25, 0.25, 0.75, 1.25, 1.75].map(keys));

function keys(d: number): number {
  return d <= 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
}

/** Offsets from a place to the neighbours that it is multiplied by: right, below, and the two diagonals. */
const NEIGHBOURS = [
  [0, 1],
  [1, 0],
  [1, 1],
  [1, -1],
] as const;

/** The 18 features of a square block: distributions of its values and of neighbours' products, wrapped at its edges. */
export function featuresOf(field: Field, top: number, left: number, side: number): number[] {
  const at = (row: number, column: number) => field.values[(top + row) * field.width + left + column]!;
  const block = new Float64Array(side * side);
  for (let i = 0; i < block.length; i++) block[i] = at(Math.floor(i / side), i % side);
  const own = fitted(block);
  const features = [own.shape, (own.left + own.right) / 2];
  for (const products of neighbourProducts({ width: side, height: side, values: block })) {
    const pair = fitted(products);
    features.push(pair.shape, meanOf(pair), pair.left, pair.right);
  }
  return features;
}

/** Products of each value with its neighbour to the right, below, and on the two diagonals, wrapped at the edges. */
export function neighbourProducts({ width, height, values }: Field): Float64Array[] {
  return NEIGHBOURS.map(([down, right]) =>
    Float64Array.from(values, (value, i) => {
      const row = (Math.floor(i / width) + down) % height;
      const column = ((i % width) + right + width) % width;
      return value * values[row * width + column]!;
    }),
  );
}

function normalised(weights: number[]): number[] {
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}
