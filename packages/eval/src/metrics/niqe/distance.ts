/** Mean and covariance of features. */
export interface Gaussian {
  readonly mean: readonly number[];
  /** Row by row. */
  readonly covariance: readonly (readonly number[])[];
}

/** Mean and covariance (over n − 1) of several blocks' features. */
export function gaussianOf(rows: readonly (readonly number[])[]): Gaussian {
  const mean = rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length);
  const covariance = mean.map((_, j) =>
    mean.map(
      (_, k) => rows.reduce((sum, row) => sum + (row[j]! - mean[j]!) * (row[k]! - mean[k]!), 0) / (rows.length - 1),
    ),
  );
  return { mean, covariance };
}

/** √((a − b)ᵀ · ((A + B)/2)⁻¹ · (a − b)) by Cholesky decomposition; the model's covariance makes it definite. */
export function distance(a: Gaussian, b: Gaussian): number {
  const lower: number[][] = [];
  let sum = 0;
  const solved: number[] = [];
  for (const [i, mean] of a.mean.entries()) {
    const row: number[] = [];
    const rest = (k: number) => row.reduce((total, value, j) => total + value * (lower[k]?.[j] ?? row[j]!), 0);
    for (let k = 0; k < i; k++) row.push(((a.covariance[i]![k]! + b.covariance[i]![k]!) / 2 - rest(k)) / lower[k]![k]!);
    row.push(Math.sqrt((a.covariance[i]![i]! + b.covariance[i]![i]!) / 2 - rest(i)));
    lower.push(row);
    const known = solved.reduce((total, value, j) => total + value * row[j]!, 0);
    solved.push((mean - b.mean[i]! - known) / row[i]!);
    sum += solved[i]! ** 2;
  }
  return Math.sqrt(sum);
}
