import type { Picture, Random } from '@unweather/core-tensor';
import { logBetween, type Range } from './draw.js';
import type { Frame } from './frame.js';
import { filteredInside, lineMargin, lineTaps, normalPlane } from './line-blur.js';
import type { SnowLevel } from './snow.js';

/** One kind of flake; sizes in pixels. */
interface Kind {
  /** Flakes per 1000 pixels, drawn anew for every picture. */
  readonly density: Readonly<Record<SnowLevel, Range>>;
  /** Radius, log-uniform. */
  readonly radius: Range;
  readonly opacity: Range;
  /** Path during the exposure: the sum of a length in pixels and a length in radii. */
  readonly path: { readonly pixels: Range; readonly radii: Range };
  /** Width of the rim over which a flake fades, in radii; at least one pixel. */
  readonly rims: readonly Range[];
  /** Largest number of overlapping parts in one flake; they make its outline irregular. */
  readonly parts: number;
  /** Largest deviation of one flake's angle from its kind's, in radians. */
  readonly stray: number;
}

const STILL: Range = [0, 0];
const KINDS: Readonly<Record<'dots' | 'streaks' | 'flakes' | 'blurred', Kind>> = {
  dots: {
    density: { light: [0.3, 1.5], medium: [0.8, 4], heavy: [2, 8] },
    radius: [0.6, 1.1],
    opacity: [0.15, 0.65],
    path: { pixels: [0, 1.5], radii: STILL },
    rims: [[1, 1.5]],
    parts: 1,
    stray: 0.3,
  },
  streaks: {
    density: { light: [0, 0.8], medium: [0, 1.8], heavy: [0, 3] },
    radius: [0.6, 1.6],
    opacity: [0.06, 0.3],
    path: { pixels: [8, 26], radii: STILL },
    rims: [[0.8, 1]],
    parts: 1,
    stray: 0.03,
  },
  flakes: {
    density: { light: [0.3, 1.2], medium: [0.4, 1.5], heavy: [0.5, 2] },
    radius: [1, 4.2],
    opacity: [0.25, 1],
    path: { pixels: STILL, radii: [0, 2.5] },
    rims: [[0.6, 1.6]],
    parts: 3,
    stray: 0.5,
  },
  blurred: {
    density: { light: [0, 0.05], medium: [0.02, 0.12], heavy: [0.04, 0.2] },
    radius: [3.5, 20],
    opacity: [0.08, 0.45],
    path: { pixels: STILL, radii: [0, 0.6] },
    rims: [
      [0.1, 0.3],
      [1.2, 1.9],
    ],
    parts: 2,
    stray: 0.8,
  },
};

/** Mean opacity of the fine streaks that cover every pixel; half of the pictures have none. */
const GRAIN: Readonly<Record<SnowLevel, Range>> = { light: [0.01, 0.06], medium: [0.03, 0.14], heavy: [0.08, 0.24] };
/** Standard deviation of the fine streaks as a share of their mean, and their length in pixels. */
const [GRAIN_SPREAD, GRAIN_LENGTH]: readonly [Range, Range] = [
  [0.45, 0.7],
  [2, 7],
];
const GRAINY = 0.5;

/** Share of airlight in the middle of the scene; a third of the pictures have no veil. */
const VEIL: Readonly<Record<SnowLevel, Range>> = { light: [0.03, 0.15], medium: [0.1, 0.32], heavy: [0.2, 0.5] };
const VEILED = 2 / 3;
/** Vertical change of the veil: excess at the top over the middle, and deficit at the bottom, as a share. */
const RISE: Range = [0, 0.5];

const MOST_LEAN = (55 / 180) * Math.PI;
/** Largest deviation of one kind's angle from the picture's, in radians. */
const KIND_STRAY = 0.2;

/**
 * Adds snow like CSD's and Snow100K's: I = K·(1 − v) + A·v with K = J·(1 − z) + C·z, the law of both papers. A
 * least-squares fit to the input, mask and truth that CSD's authors show gives C of 1.00 to 1.02 and A of 0.97 to 1.00
 * (1 is white); v is 0.31 in the upper half (far) and 0.15 at the bottom. In a small figure of SnowFormer, on CSD, v is
 * about 0.5 and A 0.85; Snow100K has no veil.
 *
 * The mask z holds four kinds of flakes, counted in CSD's mask at 640×480: dots of 1 to 2 pixels (2 per 1000 pixels),
 * parallel flat streaks of 10 to 26 (1.2), irregular opaque flakes of 3 to 9, each at its own angle (0.35), and blurs
 * of 15 to 50 (0.06). Three masks of Snow100K add defocused discs with a hard rim, of 8 to 35 pixels and a uniform
 * opacity of 0.3 to 0.5, and fine streaks over every pixel (mean 0 to 0.25). Their angles are 17°, 32° and 37°; CSD's
 * is −50°. `flakeStatistics` measures places more than 0.1 over the median opacity: coverage is 0.05 (mask of small
 * flakes) to 0.22 (a dense one), in CSD 0.12; areas are 3 to 26 at the median, 27 to 80 at 90 %, 117 to 387 at 99 %.
 * @param random the stream that decides everything
 */
export function addFlakedSnow(picture: Picture, level: SnowLevel, random: Random, frame: Frame): Picture {
  const { width, height, data } = picture;
  const lean = random.between(-MOST_LEAN, MOST_LEAN);
  const mask = grain(width, height, level, lean, random);
  for (const kind of Object.values(KINDS)) strew(mask, width, kind, level, lean, random);
  const veiled = random.uniform() < VEILED;
  const veil = veiled ? random.between(...VEIL[level]) : 0;
  const rise = random.between(...RISE);
  const airlight = 255 * random.between(0.85, 1);
  const white = 255 * random.between(0.97, 1);
  const out = new Uint8Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const pixel = Math.floor(i / 3);
    const down = (frame.top + Math.floor(pixel / width)) / frame.height;
    const v = veil * (1 + rise * (1 - 2 * down));
    const z = mask[pixel]!;
    out[i] = Math.round((data[i]! * (1 - z) + white * z) * (1 - v) + airlight * v);
  }
  return { width, height, data: out };
}

/** Draws fine streaks over every pixel, or none. */
function grain(width: number, height: number, level: SnowLevel, lean: number, random: Random): Float32Array {
  if (random.uniform() >= GRAINY) return new Float32Array(width * height);
  const length = random.between(...GRAIN_LENGTH);
  const margin = lineMargin(length);
  const noise = normalPlane(width + 2 * margin, height + 2 * margin, random);
  const { values } = filteredInside(noise, lineTaps(length, lean), margin, height);
  const mean = random.between(...GRAIN[level]);
  // Averaging independent pixels over a line divides their deviation by the root of its length; this restores it.
  const deviation = mean * random.between(...GRAIN_SPREAD) * Math.sqrt(length);
  return values.map((value) => Math.min(Math.max(mean + deviation * value, 0), 1));
}

/** Lays the flakes of one kind over the mask. */
function strew(mask: Float32Array, width: number, kind: Kind, level: SnowLevel, lean: number, random: Random): void {
  const height = mask.length / width;
  const reach = 2 * kind.radius[1] + kind.path.pixels[1] / 2;
  const area = (width + 2 * reach) * (height + 2 * reach);
  const count = Math.round((random.between(...kind.density[level]) * area) / 1000);
  const fall = lean + random.between(-KIND_STRAY, KIND_STRAY);
  for (let i = 0; i < count; i++) {
    const [x, y] = [random.between(-reach, width + reach), random.between(-reach, height + reach)];
    const radius = logBetween(kind.radius, random);
    const path = random.between(...kind.path.pixels) + radius * random.between(...kind.path.radii);
    const angle = fall + random.between(-kind.stray, kind.stray);
    const parts = [part(x, y, radius, path, angle)];
    for (let more = random.integer(kind.parts); more > 0; more--) {
      const [off, turn] = [radius * random.between(0.4, 1), random.between(0, 2 * Math.PI)];
      const size = radius * random.between(0.4, 0.8);
      parts.push(part(x + off * Math.cos(turn), y + off * Math.sin(turn), size, path, turn));
    }
    const rim = Math.max(1, radius * random.between(...kind.rims[random.integer(kind.rims.length)]!));
    lay(mask, width, { parts, rim, opacity: random.between(...kind.opacity) });
  }
}

/** A disc stretched along a line: its centre, its radius, and half of its path with the path's direction. */
interface Part {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly half: number;
  /** Unit vector along the path. */
  readonly along: Range;
}

function part(x: number, y: number, radius: number, path: number, angle: number): Part {
  return { x, y, radius, half: path / 2, along: [-Math.sin(angle), Math.cos(angle)] };
}

interface Thing {
  readonly parts: readonly Part[];
  readonly rim: number;
  readonly opacity: number;
}

/** Lays one flake over the mask; overlapping opacities combine like panes of glass. */
function lay(mask: Float32Array, width: number, { parts, rim, opacity }: Thing): void {
  const height = mask.length / width;
  const spans = parts.map((one) => one.half + one.radius + rim / 2);
  const least = (of: (one: Part) => number) => Math.min(...parts.map((one, i) => of(one) - spans[i]!));
  const most = (of: (one: Part) => number) => Math.max(...parts.map((one, i) => of(one) + spans[i]!));
  const [left, right] = [
    Math.max(0, Math.ceil(least(({ x }) => x))),
    Math.min(
      width - 1,
      most(({ x }) => x),
    ),
  ];
  const [top, bottom] = [
    Math.max(0, Math.ceil(least(({ y }) => y))),
    Math.min(
      height - 1,
      most(({ y }) => y),
    ),
  ];
  for (let py = top; py <= bottom; py++)
    for (let px = left; px <= right; px++) {
      let inside = 0;
      for (const { x, y, radius, half, along } of parts) {
        const [dx, dy] = [px - x, py - y];
        const forth = Math.min(Math.max(dx * along[0] + dy * along[1], -half), half);
        const distance = Math.hypot(dx - forth * along[0], dy - forth * along[1]);
        inside = Math.max(inside, (radius + rim / 2 - distance) / rim);
      }
      if (inside <= 0) continue;
      const share = Math.min(inside, 1);
      const i = py * width + px;
      mask[i] = mask[i]! + opacity * share * share * (3 - 2 * share) * (1 - mask[i]!);
    }
}
