/**
 * Shares of each tile along an axis in its pixels, one number from 0 to 1 per pixel. At every pixel the shares of all
 * tiles add up to 1.
 */
export type Seams = readonly Float32Array[];

/** Cuts tiles in the middle of their overlap: every pixel belongs to one tile. */
export function cutSeams(starts: readonly number[], size: number): Seams {
  return seams(starts, size, 0);
}

/** Fades tiles linearly into each other over their overlap. */
export function rampSeams(starts: readonly number[], size: number): Seams {
  const steps = starts.slice(1).map((start, i) => start - starts[i]!);
  // A ramp is no wider than the overlap, and does not reach the next ramp.
  return seams(starts, size, Math.min(...steps.map((step) => Math.min(size - step, step))));
}

function seams(starts: readonly number[], size: number, width: number): Seams {
  const middles = starts.slice(1).map((start, i) => Math.floor((start + starts[i]! + size) / 2));
  const passed = (middle: number | undefined, pixel: number, none: number) => {
    if (middle === undefined) return none;
    if (width === 0) return pixel >= middle ? 1 : 0;
    return Math.min(Math.max((pixel + 0.5 - middle) / width + 0.5, 0), 1);
  };
  return starts.map((start, i) =>
    Float32Array.from({ length: size }, (_, at) => {
      const pixel = start + at;
      return passed(middles[i - 1], pixel, 1) - passed(middles[i], pixel, 0);
    }),
  );
}
