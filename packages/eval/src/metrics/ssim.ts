import { UserError } from '@unweather/core-tensor';
import type { Channels, Plane } from './channels.js';
import { compare } from './kernel/rows.js';
import { localMeans } from './local-means.js';
import { PlanePair } from './moments.js';
import type { SsimWindow } from './window.js';

const K1 = 0.01;
const K2 = 0.03;

/**
 * Structural similarity (Wang et al. 2004; K1 0.01, K2 0.03): the mean over window positions and channels, in
 * float64. With `uniform7` it equals scikit-image's `structural_similarity` with its defaults.
 * @param range the largest value a number can take: 255 for bytes, 1 for floats
 * @throws UserError when the picture is smaller than the window, or the window cannot be computed
 */
export function ssim(a: Channels, b: Channels, range: number, window: SsimWindow): number {
  const { size, weights, border } = window;
  if (size % 2 !== 1 || (weights !== 'uniform' && (size !== 11 || weights.length !== 6)))
    throw new UserError(
      `SSIM's window is ${size}×${size}${weights === 'uniform' ? '' : ` with ${weights.length} weights`}; its side must be ` +
        'odd; a weighted window must be 11×11 with 6 weights',
    );
  if (border === 'inside' && Math.min(a.width, a.height) < size)
    throw new UserError(`SSIM's window is ${size}×${size}, the picture ${a.width}×${a.height}; use a larger picture`);
  let sum = 0;
  for (const [index, plane] of a.planes.entries())
    sum += planeSimilarity(plane, b.planes[index]!, a, range, window).similarity;
  return sum / a.planes.length;
}

/** Means over one plane. */
export interface Similarity {
  /** SSIM. */
  readonly similarity: number;
  /** SSIM's factor that compares contrast and structure, without the luminance. */
  readonly structure: number;
}

/** SSIM of one plane, and its second factor; the plane is at least as large as the window. */
export function planeSimilarity(
  x: Plane,
  y: Plane,
  size: { readonly width: number; readonly height: number },
  range: number,
  window: SsimWindow,
): Similarity {
  const pair = new PlanePair(x, y, size, window);
  const local = localMeans(pair, window);
  const across = pair.width - window.size + 1;
  const places = across * (pair.height - window.size + 1);
  const [luminance, structure] = local.spare;
  const sums = { similarities: 0, structures: 0 };
  for (let row = 0; row < pair.height; row++) {
    local.take();
    if (row < window.size - 1) continue;
    compare(local.spare, across, local.means, window.covarianceFactor, (K1 * range) ** 2, (K2 * range) ** 2);
    addUp(luminance.values, structure.values, across, sums);
  }
  return { similarity: sums.similarities / places, structure: sums.structures / places };
}

/** Adds up the scores of a row. */
function addUp(
  luminance: Float64Array,
  structure: Float64Array,
  count: number,
  sums: { similarities: number; structures: number },
): void {
  let { similarities, structures } = sums;
  for (let i = 0; i < count; i++) {
    similarities += luminance[i]! * structure[i]!;
    structures += structure[i]!;
  }
  sums.similarities = similarities;
  sums.structures = structures;
}
