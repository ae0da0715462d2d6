/** Interpolation used to resize a picture. */
export interface ResizeMode {
  readonly kind: 'nearest' | 'bilinear';
  /** True if corner pixels keep their places (bilinear only). */
  readonly alignCorners: boolean;
  /** True if a smaller picture averages over all pixels of the larger one (bilinear only). */
  readonly antialias: boolean;
}

/**
 * Matrix that resizes one axis, row-major [to, from], as PyTorch's `interpolate` does.
 * @param step pixels of the input per pixel of the output: from/to, or 1/factor where a factor was given
 */
export function resizeMatrix(mode: ResizeMode, from: number, to: number, step: number): Float32Array<ArrayBuffer> {
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const row = matrix.subarray(i * from, (i + 1) * from);
    if (mode.kind === 'nearest') row[Math.min(Math.floor(i * step), from - 1)] = 1;
    else if (mode.antialias) row.set(triangle(from, (i + 0.5) * step - 0.5, Math.max(step, 1)));
    else {
      const aligned = to === 1 ? 0 : (i * (from - 1)) / (to - 1);
      const place = mode.alignCorners ? aligned : Math.min(Math.max((i + 0.5) * step - 0.5, 0), from - 1);
      const low = Math.floor(place);
      row[low]! += 1 - (place - low);
      if (low + 1 < from) row[low + 1]! += place - low;
    }
  }
  return matrix;
}

/** Shares of the pixels of a row that fall linearly from `centre` to 0 at `reach`; they add up to 1. */
function triangle(from: number, centre: number, reach: number): number[] {
  const shares = Array.from({ length: from }, (_, j) => Math.max(0, 1 - Math.abs(j - centre) / reach));
  const total = shares.reduce((a, b) => a + b);
  return shares.map((share) => share / total);
}
