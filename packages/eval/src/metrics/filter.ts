import type { Plane } from './channels.js';

/** Weights along a line, and where they are put. */
export interface Line {
  readonly weights: readonly number[];
  /** Where the first weight stands, from the place that is computed: −1 is one to the left. */
  readonly first: number;
  /** Every how many places one is computed; default: 1. */
  readonly step?: number;
  /** Beyond the border: zeros; the border's value; or what a mirror at the border shows, the border's value too. */
  readonly beyond: 'zeros' | 'repeated' | 'mirrored';
}

/** A plane with its size. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly values: Plane;
}

/** Filtered along rows, then along columns. */
export function filtered(field: Field, along: Line, down: Line = along): Field {
  return rowsFiltered(rowsFiltered(field, along), down);
}

/** Filtered along rows, and turned over: rows become columns, so that doing it twice filters both ways. */
function rowsFiltered({ width, height, values }: Field, line: Line): Field {
  const { places, weights, across } = plan(line, width);
  const taps = line.weights.length;
  const out = new Float64Array(across * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < across; column++) {
      let sum = 0;
      for (let i = column * taps; i < (column + 1) * taps; i++) sum += weights[i]! * values[row * width + places[i]!]!;
      out[column * height + row] = sum;
    }
  return { width: height, height: across, values: out };
}

/** For every place of a row, which values count, and how much. */
function plan({ weights, first, step = 1, beyond }: Line, width: number) {
  const across = Math.ceil(width / step);
  const taps = weights.length;
  const places = new Int32Array(across * taps);
  const factors = new Float64Array(across * taps);
  for (let i = 0; i < places.length; i++) {
    const at = Math.floor(i / taps) * step + first + (i % taps);
    const outside = at < 0 || at >= width;
    const held = Math.min(Math.max(at, 0), width - 1);
    const folded = ((at % (2 * width)) + 2 * width) % (2 * width);
    places[i] = beyond === 'mirrored' ? Math.min(folded, 2 * width - 1 - folded) : held;
    factors[i] = outside && beyond === 'zeros' ? 0 : weights[i % taps]!;
  }
  return { places, weights: factors, across };
}
