import type { AnyPicture } from '@unweather/core-tensor';
import { type Layer, layerOf } from './layer.js';
import { directionOf } from './streaks.js';

/** Statistics of a snowy picture's flakes, measured from it and its truth; opacities of white are 0 to 1. */
export interface FlakeStatistics {
  /** Median opacity of the whole picture. */
  readonly veil: number;
  /** Share of the picture that is at least {@link FLAKE} more opaque than the veil. */
  readonly coverage: number;
  /** Connected regions of such pixels (flakes) per 1000 pixels. */
  readonly density: number;
  /** 50th, 90th and 99th percentiles of the flakes' areas, in pixels. */
  readonly areas: readonly [number, number, number];
  /** Opacity over the veil at a flake's most opaque pixel: median and 90th percentile. */
  readonly peaks: readonly [number, number];
  /** Median ratio of length to width of flakes of 6 pixels and more, by their second moments. */
  readonly elongation: number;
  /** Angle from the vertical in degrees, positive if the top leans right; dominance of one direction (0 to 1). */
  readonly lean: number;
  readonly coherence: number;
}

/** Opacity over the veil from which a pixel belongs to a flake. */
export const FLAKE = 0.1;
/** Area of the smallest flake whose shape is measured, in pixels. */
const SHAPED = 6;

/**
 * Measures the flakes between a clean and a snowy picture. Opacity is (I − J)/(1 − J) where J < 0.6; brighter places
 * are ignored.
 */
export function flakeStatistics(truth: AnyPicture, input: AnyPicture): FlakeStatistics {
  const layer = layerOf(truth, input, 'screened');
  const veil = quantile([...layer.told], 0.5);
  const flakes = flakesOf(layer, veil);
  const told = layer.told.length;
  const areas = flakes.map(({ area }) => area);
  const peaks = flakes.map(({ peak }) => peak);
  const { lean, coherence } = directionOf(layer);
  return {
    lean: (lean / Math.PI) * 180,
    coherence,
    veil,
    coverage: areas.reduce((sum, area) => sum + area, 0) / told,
    density: (1000 * flakes.length) / told,
    areas: [quantile(areas, 0.5), quantile(areas, 0.9), quantile(areas, 0.99)],
    peaks: [quantile(peaks, 0.5), quantile(peaks, 0.9)],
    elongation: quantile(
      flakes.filter(({ area }) => area >= SHAPED).map((flake) => flake.elongation),
      0.5,
    ),
  };
}

interface Flake {
  readonly area: number;
  readonly peak: number;
  readonly elongation: number;
}

/** Finds the flakes: regions of pixels connected by sides or corners. */
function flakesOf({ width, height, values, known }: Layer, veil: number): Flake[] {
  const open = Uint8Array.from(values, (value, i) => Number(known[i] === 1 && value - veil >= FLAKE));
  const flakes: Flake[] = [];
  for (let start = 0; start < open.length; start++) {
    if (open[start] === 0) continue;
    open[start] = 0;
    const places = [start];
    for (let next = 0; next < places.length; next++) {
      const [x, y] = [places[next]! % width, Math.floor(places[next]! / width)];
      for (let py = Math.max(0, y - 1); py <= Math.min(height - 1, y + 1); py++)
        for (let px = Math.max(0, x - 1); px <= Math.min(width - 1, x + 1); px++) {
          const i = py * width + px;
          if (open[i] === 0) continue;
          open[i] = 0;
          places.push(i);
        }
    }
    const peak = places.reduce((most, i) => Math.max(most, values[i]! - veil), 0);
    flakes.push({ area: places.length, peak, elongation: elongationOf(places, width) });
  }
  return flakes;
}

/** Root of the ratio of the second moments along and across; a single pixel has a moment of 1/12. */
function elongationOf(places: readonly number[], width: number): number {
  const mean = (of: (i: number) => number) => places.reduce((sum, i) => sum + of(i), 0) / places.length;
  const [x, y] = [mean((i) => i % width), mean((i) => Math.floor(i / width))];
  const xx = mean((i) => ((i % width) - x) ** 2) + 1 / 12;
  const yy = mean((i) => (Math.floor(i / width) - y) ** 2) + 1 / 12;
  const xy = mean((i) => ((i % width) - x) * (Math.floor(i / width) - y));
  const [half, spread] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  return Math.sqrt((half + spread) / (half - spread));
}

/** Value that a share of the values does not exceed; 0 if there are none. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
