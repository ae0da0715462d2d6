import type { DegradationName } from '../degrade/degradations.js';
import type { Cells } from './cells.js';
import { HAZES, hazeCells, hazeRows } from './haze.js';
import type { Blending } from './layer.js';
import type { RealPairs } from './sets.js';
import { SNOWS, snowCells, snowRows } from './snow.js';
import { RAIN_NAMES, rainCells, rainStatistics } from './table.js';

/** Real pairs, and the law by which rain combines with their scenes. */
export type MeasuredPairs = RealPairs & { readonly blending: Blending };

interface Measured {
  /** Rows as data, and the same as text cells. */
  readonly rows: readonly unknown[];
  readonly cells: Cells;
}

interface Kind {
  readonly degradations: readonly DegradationName[];
  measure(real?: MeasuredPairs): Promise<Measured>;
}

function kind<Row>(
  degradations: readonly DegradationName[],
  rowsOf: (real?: MeasuredPairs) => Promise<Row[]>,
  cellsOf: (rows: readonly Row[]) => Cells,
): Kind {
  return {
    degradations,
    async measure(real) {
      const rows = await rowsOf(real);
      return { rows, cells: cellsOf(rows) };
    },
  };
}

/** Weathers that can be measured. */
export const MEASURED = {
  rain: kind(RAIN_NAMES, rainStatistics, rainCells),
  haze: kind(HAZES, hazeRows, hazeCells),
  snow: kind(SNOWS, snowRows, snowCells),
} as const;

export type Weather = keyof typeof MEASURED;

/**
 * Measures real pairs, if a list is given, and every synthesised degradation of a weather.
 * @throws UserError naming the file that cannot be used
 */
export function measure(weather: Weather, real?: MeasuredPairs): Promise<Measured> {
  return MEASURED[weather].measure(real);
}
