import type { Random } from '@unweather/core-tensor';

/** Numbers of a plane, rows top to bottom. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** A plane of independent draws. */
export function drawnPlane(width: number, height: number, draw: () => number): Plane {
  return { width, height, values: new Float32Array(width * height).map(draw) };
}

/** Normally distributed numbers with mean 0 and deviation 1. */
export function normalPlane(width: number, height: number, random: Random): Plane {
  return drawnPlane(width, height, () => random.normal());
}

/** One tap of a kernel: its offset and its weight. */
interface Tap {
  readonly dx: number;
  readonly dy: number;
  readonly weight: number;
}

/** Half of the reach of {@link lineTaps}, in pixels: the margin that a plane needs on every side. */
export function lineMargin(length: number): number {
  return Math.ceil(length / 2) + 1;
}

/** Kernel of a straight path of `length` pixels, at `angle` radians from the vertical; its weights sum to 1. */
export function lineTaps(length: number, angle: number): Tap[] {
  const weights = new Map<string, number>();
  const steps = Math.max(1, Math.ceil(4 * length));
  for (let i = 0; i <= steps; i++) {
    const along = (i / steps - 0.5) * length;
    const [x, y] = [-along * Math.sin(angle), along * Math.cos(angle)];
    const [left, top] = [Math.floor(x), Math.floor(y)];
    for (const [dx, wx] of [
      [left, 1 - (x - left)],
      [left + 1, x - left],
    ] as const)
      for (const [dy, wy] of [
        [top, 1 - (y - top)],
        [top + 1, y - top],
      ] as const)
        weights.set(`${dx},${dy}`, (weights.get(`${dx},${dy}`) ?? 0) + (wx * wy) / (steps + 1));
  }
  return [...weights].map(([place, weight]) => {
    const [dx, dy] = place.split(',').map(Number) as [number, number];
    return { dx, dy, weight };
  });
}

/** Taps of an isotropic Gaussian blur, to three standard deviations. */
export function gaussianTaps(deviation: number): Tap[] {
  const reach = Math.ceil(3 * deviation);
  const taps: Tap[] = [];
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++)
      taps.push({ dx, dy, weight: Math.exp(-(dx * dx + dy * dy) / (2 * deviation * deviation)) });
  const sum = taps.reduce((total, { weight }) => total + weight, 0);
  return taps.map((tap) => ({ ...tap, weight: tap.weight / sum }));
}

/** Filters the inside of a plane, `margin` pixels from every side: each pixel is the sum of its taps. */
export function filteredInside({ width, values }: Plane, taps: readonly Tap[], margin: number, height: number): Plane {
  const across = width - 2 * margin;
  const out = new Float32Array(across * height);
  for (const { dx, dy, weight } of taps)
    for (let y = 0; y < height; y++) {
      const from = (y + margin + dy) * width + margin + dx;
      for (let x = 0; x < across; x++) out[y * across + x]! += weight * values[from + x]!;
    }
  return { width: across, height, values: out };
}
