import { type State, show, type TensorData } from '@unweather/core-tensor';
import type { Summary } from './golden-file.js';

/** Largest allowed difference of a value: relative · |expected| + absolute. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** Largest deviation and its place, as a share of the tolerance there; above 1, the check fails. */
export interface Deviation {
  readonly share: number;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
}

const NOTHING: Deviation = { share: 0, where: '', expected: '', got: '' };

/** Check of one quantity of a golden file, with the place where it deviates most. */
export interface GoldenCheck extends Deviation {
  readonly quantity: string;
}

/** Finds the worst of several named numbers. A number that is null in the file must be absent here, and vice versa. */
export function compare(
  expected: readonly (readonly [string, number | null])[],
  got: (name: string) => number | undefined,
  tolerance: (name: string) => Tolerance,
): Deviation {
  let worst = NOTHING;
  for (const [name, value] of expected) {
    const ours = got(name);
    const both = value !== null && ours !== undefined;
    const neither = value === null && ours === undefined;
    const allowed = both ? tolerance(name) : { relative: 0, absolute: 0 };
    const distance = both ? Math.abs(ours - value) / (allowed.relative * Math.abs(value) + allowed.absolute) : Infinity;
    // A comparison with NaN must not pass.
    const share = neither ? 0 : Number.isNaN(distance) ? Infinity : distance;
    if (share >= worst.share) worst = { share, where: name, expected: text(value), got: text(ours ?? null) };
  }
  return worst;
}

/**
 * Compares a tensor's shape, moments and samples with a summary. The absolute tolerance grows with the standard deviation
 * above 1: float32 rounds what adds up to a value near zero by the size of the other values.
 */
export function compareSummary(
  where: string,
  expected: Summary,
  got: TensorData | undefined,
  tolerance: Tolerance,
): Deviation {
  if (got === undefined) return { share: Infinity, where, expected: show(expected.shape), got: 'none' };
  if (show(got.shape) !== show(expected.shape))
    return { share: Infinity, where, expected: show(expected.shape), got: show(got.shape) };
  const values = new Float64Array(got.data as Float32Array);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const moments = {
    mean,
    std: Math.sqrt(variance),
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
  };
  const names = Object.keys(moments) as (keyof typeof moments)[];
  const samples = expected.value.map((value, i) => {
    const place = expected.index?.[i] ?? Math.floor((i * values.length) / expected.value.length);
    return [`${where}[${place}]`, value, values[place]!] as const;
  });
  const rows = [...names.map((name) => [`${name} of ${where}`, expected[name], moments[name]] as const), ...samples];
  const ours = new Map<string, number>(rows.map(([name, , value]) => [name, value]));
  return compare(
    rows.map(([name, value]) => [name, value]),
    (name) => ours.get(name),
    () => ({ ...tolerance, absolute: tolerance.absolute * Math.max(1, expected.std) }),
  );
}

/** Converts a list of all values of a tensor to a summary; returns a summary unchanged. */
export function numbersAsSummary(values: Summary | readonly number[], like: TensorData): Summary {
  if (!Array.isArray(values)) return values as Summary;
  const list = values as readonly number[];
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  const std = Math.sqrt(list.reduce((a, b) => a + (b - mean) ** 2, 0) / list.length);
  // A list of another length belongs to a tensor of another size; the comparison of shapes then fails.
  const shape = list.length === like.data.length ? [...like.shape] : [list.length];
  return { shape, mean, std, min: Math.min(...list), max: Math.max(...list), value: [...list] };
}

/** Finds the worst of several tensors, each given in the file by its norm or a summary. */
export function compareBuffers(
  expected: Readonly<Record<string, number | Summary>>,
  got: State,
  tolerance: Tolerance,
): Deviation {
  const deviations = Object.entries(expected).map(([name, value]): Deviation => {
    const ours = got.get(name);
    if (typeof value !== 'number' && ours !== undefined) return compareSummary(name, value, ours, tolerance);
    return compare(
      [[name, typeof value === 'number' ? value : 0]],
      () => norm(ours),
      () => tolerance,
    );
  });
  return deviations.reduce((a, b) => (b.share > a.share ? b : a), NOTHING);
}

/** Compares two lists that must be equal, entry by entry. */
export function compareTexts(expected: readonly unknown[], got: readonly unknown[]): Deviation {
  const length = Math.max(expected.length, got.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [JSON.stringify(expected[i]) ?? 'nothing', JSON.stringify(got[i]) ?? 'nothing'];
    if (a !== b) return { share: Infinity, where: `entry ${i}`, expected: a, got: b };
  }
  return NOTHING;
}

/** L2 norm in float64; undefined for no tensor. */
export function norm(tensor: TensorData | undefined): number | undefined {
  if (tensor === undefined) return undefined;
  let sum = 0;
  for (const value of tensor.data) sum += Number(value) ** 2;
  return Math.sqrt(sum);
}

/** L2 norm of a − b in float64; undefined if one is missing. */
export function normOfDifference(a: TensorData | undefined, b: TensorData | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  let sum = 0;
  for (const [i, value] of a.data.entries()) sum += (Number(value) - Number(b.data[i])) ** 2;
  return Math.sqrt(sum);
}

function text(value: number | null): string {
  return value === null ? 'none' : value.toPrecision(7);
}
