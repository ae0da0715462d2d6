import { boxMean, type Plane64 } from './box.js';

/**
 * Smooths a plane except at the guide's edges, by the guided filter (He, Sun and Tang, TPAMI 2013) with a grey guide:
 * q = a·guide + b, with a and b fitted by least squares in every window.
 * @param epsilon regularisation that keeps a small, for a guide in [0, 1]
 */
export function guidedFilter(guide: Plane64, plane: Plane64, radius: number, epsilon: number): Plane64 {
  const { width, height } = guide;
  const of = (value: (i: number) => number): Plane64 => ({
    width,
    height,
    values: new Float64Array(width * height).map((_, i) => value(i)),
  });
  const mean = (values: Plane64) => boxMean(values, radius).values;
  const [g, p] = [guide.values, plane.values];
  const [meanG, meanP] = [mean(guide), mean(plane)];
  const [meanGG, meanGP] = [mean(of((i) => g[i]! * g[i]!)), mean(of((i) => g[i]! * p[i]!))];
  const a = of((i) => (meanGP[i]! - meanG[i]! * meanP[i]!) / (meanGG[i]! - meanG[i]! * meanG[i]! + epsilon));
  const b = of((i) => meanP[i]! - a.values[i]! * meanG[i]!);
  const [meanA, meanB] = [mean(a), mean(b)];
  return of((i) => meanA[i]! * g[i]! + meanB[i]!);
}
