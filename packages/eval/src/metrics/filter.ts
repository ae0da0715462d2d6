import type { Plane } from './channels.js';

/** Filter along a line: its weights and their position. */
export interface Line {
  readonly weights: readonly number[];
  /** Offset of the first weight from the computed place: −1 is one to the left. */
  readonly first: number;
  /** Stride of the computed places; default: 1. */
  readonly step?: number;
  /** Padding beyond the border: zeros; the border's value; or the mirror image, including the border's value. */
  readonly beyond: 'zeros' | 'repeated' | 'mirrored';
}

/** A plane with its size. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly values: Plane;
}

/** Filters along rows, then along columns. */
export function filtered(field: Field, along: Line, down: Line = along): Field {
  return rowsFiltered(rowsFiltered(field, along), down);
}

/** Filters along rows and transposes the field: applying it twice filters both ways. */
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

/** Source indices and weights for every place of a filtered row. */
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
