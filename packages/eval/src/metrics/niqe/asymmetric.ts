import { logGamma } from './gamma.js';

/** A generalised Gaussian with a separate scale on each side. */
export interface Asymmetric {
  readonly shape: number;
  /** Scales of the two sides. */
  readonly left: number;
  readonly right: number;
  /** Root mean squares of the values of each side. */
  readonly leftDeviation: number;
  readonly rightDeviation: number;
}

/** Candidate shapes, 0.2 … 10. */
const SHAPES = Float64Array.from({ length: 9801 }, (_, i) => 0.2 + i * 0.001);
/** Γ(2/s)² / (Γ(1/s)·Γ(3/s)), which grows with the shape. */
const RATIOS = SHAPES.map((s) => Math.exp(2 * logGamma(2 / s) - logGamma(1 / s) - logGamma(3 / s)));
/** Γ(1/s)·Γ(3/s) / Γ(2/s)², which BRISQUE compares instead. */
const INVERSES = RATIOS.map((ratio) => 1 / ratio);

/** Fits the distribution to the values' moments (Lasmar, Stitou and Berthoumieu 2009); NaN if a side has no values. */
export function fitted(values: Float64Array): Asymmetric {
  let [magnitudes, left, right, lefts, rights] = [0, 0, 0, 0, 0];
  for (const value of values) {
    magnitudes += Math.abs(value);
    if (value < 0) {
      left += value * value;
      lefts++;
    } else if (value > 0) {
      right += value * value;
      rights++;
    }
  }
  const count = values.length;
  const [leftDeviation, rightDeviation] = [Math.sqrt(left / lefts), Math.sqrt(right / rights)];
  const skew = leftDeviation / rightDeviation;
  const ratio = (magnitudes / count) ** 2 / ((left + right) / count);
  const wanted = (ratio * (skew ** 3 + 1) * (skew + 1)) / (skew ** 2 + 1) ** 2;
  const shape = Number.isNaN(wanted) ? Number.NaN : nearestShape(wanted);
  const factor = Math.exp((logGamma(1 / shape) - logGamma(3 / shape)) / 2);
  return { shape, left: leftDeviation * factor, right: rightDeviation * factor, leftDeviation, rightDeviation };
}

/** Shape of the symmetric distribution that fits the values' moments (Sharifi and Leon-Garcia 1995), and their variance. */
export function fittedSymmetric(values: ArrayLike<number>): { readonly shape: number; readonly variance: number } {
  let [magnitudes, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    magnitudes += Math.abs(values[i]!);
    squares += values[i]! ** 2;
  }
  const variance = squares / values.length;
  const wanted = variance / (magnitudes / values.length) ** 2;
  return { shape: Number.isNaN(wanted) ? Number.NaN : nearestShape(wanted, INVERSES), variance };
}

/** Mean of an asymmetric generalised Gaussian. */
export function meanOf({ shape, left, right }: Asymmetric): number {
  return (right - left) * Math.exp(logGamma(2 / shape) - logGamma(1 / shape));
}

function nearestShape(wanted: number, ratios = RATIOS): number {
  let best = 0;
  for (let i = 1; i < ratios.length; i++)
    if (Math.abs(ratios[i]! - wanted) < Math.abs(ratios[best]! - wanted)) best = i;
  return SHAPES[best]!;
}
