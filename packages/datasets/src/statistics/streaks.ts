import { type AnyPicture, toFloats } from '@unweather/core-tensor';
import { filteredInside, gaussianTaps } from '../degrade/line-blur.js';
import { type Blending, type Layer, layerOf, meanOf } from './layer.js';

/** Statistics of a rainy picture's streaks, measured from it and its truth. */
export interface StreakStatistics {
  /** Angle from the vertical in degrees, positive if the top leans right, by the structure tensor. */
  readonly lean: number;
  /** Dominance of one direction, from 0 (none) to 1 (straight lines only). */
  readonly coherence: number;
  /** Full width of the autocorrelation at half of its height, in pixels: across the streaks, and along them. */
  readonly across: number;
  readonly along: number;
  /** Light of the rain, 1 being white. */
  readonly mean: number;
  readonly deviation: number;
  readonly percentile5: number;
  readonly percentile99: number;
}

/**
 * Measures the streaks between a clean and a rainy picture.
 * @param blending law by which its light is extracted: (I − J)/(1 − J) where J < 0.6, or I − J where I is not clipped
 */
export function streakStatistics(truth: AnyPicture, input: AnyPicture, blending: Blending): StreakStatistics {
  const layer = layerOf(truth, input, blending);
  const { lean, coherence } = directionOf(layer);
  const sorted = layer.told.slice().sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const mean = meanOf(layer.told);
  return {
    lean: (lean / Math.PI) * 180,
    coherence,
    across: halfWidth(layer, Math.cos(lean), Math.sin(lean)),
    along: halfWidth(layer, -Math.sin(lean), Math.cos(lean)),
    mean,
    deviation: Math.sqrt(meanOf(layer.told.map((value) => (value - mean) ** 2))),
    percentile5: at(0.05),
    percentile99: at(0.99),
  };
}

/**
 * Mean of input − truth where the truth's brightness is near 0.1, 0.3, 0.5, 0.7 and 0.9. With screened rain it falls
 * towards 0; with added rain it stays constant until it clips. NaN if no pixel has that brightness.
 */
export function blendingLaw(truth: AnyPicture, input: AnyPicture): number[] {
  const [clean, rainy] = [toFloats(truth).data, toFloats(input).data];
  const [sums, counts] = [new Float64Array(5), new Float64Array(5)];
  for (const [i, value] of clean.entries()) {
    const bin = Math.min(4, Math.floor(value * 5));
    sums[bin]! += rainy[i]! - value;
    counts[bin]!++;
  }
  return [...sums].map((sum, bin) => sum / counts[bin]!);
}

/** Blur before the gradients, in pixels: central differences miss changes from pixel to pixel. */
const SMOOTHING = 1;

/** Measures lean (radians) and coherence by the layer's structure tensor: gradients are perpendicular to streaks. */
export function directionOf(layer: Layer): { lean: number; coherence: number } {
  const margin = Math.ceil(3 * SMOOTHING);
  const plane = { ...layer, values: new Float32Array(layer.values) };
  const smooth = filteredInside(plane, gaussianTaps(SMOOTHING), margin, layer.height - 2 * margin);
  const { width, height, values } = smooth;
  let [xx, xy, yy] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const [gx, gy] = [values[i + 1]! - values[i - 1]!, values[i + width]! - values[i - width]!];
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
    }
  const coherence = xx + yy > 0 ? Math.hypot(xx - yy, 2 * xy) / (xx + yy) : 0;
  return { lean: Math.atan2(2 * xy, xx - yy) / 2, coherence };
}

/** Longest shift examined, in pixels to one side. */
const FARTHEST = 64;

/** Twice the shift along a direction at which the autocorrelation falls to a half. */
function halfWidth(layer: Layer, dx: number, dy: number): number {
  const { width, height, values } = layer;
  const mean = meanOf(values);
  const centred = new Correlation({ width, height, values: values.map((value) => value - mean) });
  const variance = centred.at(0, 0);
  if (variance === 0) return 0;
  const most = Math.min(FARTHEST, Math.floor(Math.min(width, height) / 3));
  let before = 1;
  for (let shift = 0.5; shift <= most; shift += 0.5) {
    const now = centred.at(shift * dx, shift * dy) / variance;
    if (now <= 0.5) return 2 * (shift - 0.5 + (0.5 * (before - 0.5)) / (before - now));
    before = now;
  }
  return 2 * most;
}

/** Autocorrelation of a plane: mean products with its shifted self. */
class Correlation {
  private readonly known = new Map<string, number>();

  constructor(private readonly plane: Pick<Layer, 'width' | 'height' | 'values'>) {}

  /** Interpolates bilinearly between whole shifts. */
  at(dx: number, dy: number): number {
    const [left, top] = [Math.floor(dx), Math.floor(dy)];
    const [fx, fy] = [dx - left, dy - top];
    return (
      (1 - fx) * (1 - fy) * this.whole(left, top) +
      fx * (1 - fy) * this.whole(left + 1, top) +
      (1 - fx) * fy * this.whole(left, top + 1) +
      fx * fy * this.whole(left + 1, top + 1)
    );
  }

  private whole(sx: number, sy: number): number {
    const key = `${sx},${sy}`;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const { width, height, values } = this.plane;
    let [sum, count] = [0, 0];
    for (let y = Math.max(0, -sy); y < Math.min(height, height - sy); y++)
      for (let x = Math.max(0, -sx); x < Math.min(width, width - sx); x++) {
        sum += values[y * width + x]! * values[(y + sy) * width + x + sx]!;
        count++;
      }
    const mean = count === 0 ? 0 : sum / count;
    this.known.set(key, mean);
    return mean;
  }
}
