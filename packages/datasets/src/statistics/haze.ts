import { type AnyPicture, Random, toFloats } from '@unweather/core-tensor';
import type { DEGRADATIONS } from '../degrade/degradations.js';
import { openPair } from '../pair.js';
import { type Cells, markdownOf } from './cells.js';
import { type RealPairs, statisticsSets } from './sets.js';

/** Statistics of a hazy picture, measured from it and its truth; colours as shares of white. */
export interface HazeStatistics {
  /** RGB PSNR of the hazy picture, in dB. */
  readonly psnr: number;
  /** Transmission of the whole picture, fitted together with the airlight of each channel by least squares. */
  readonly transmission: number;
  readonly airlight: readonly [number, number, number];
  /** 5th and 95th percentiles of the transmission, over blocks of 32×32 pixels. */
  readonly thick: number;
  readonly thin: number;
  /** Mean of (largest − smallest channel) / largest over the truth's pixels. */
  readonly saturation: number;
}

/** Side of a block in pixels, and the smallest variance of a truth's block from which transmission is measured. */
const [BLOCK, TELLING] = [32, 1e-3];

/** Measures the haze between a clean and a hazy picture of one size, at least 32 pixels each way. */
export function hazeStatistics(truth: AnyPicture, input: AnyPicture): HazeStatistics {
  const [clean, hazy] = [toFloats(truth).data, toFloats(input).data];
  const { width, height } = truth;
  const whole = lineOf(clean, hazy, width, { left: 0, top: 0, width, height });
  const blocks: number[] = [];
  for (let top = 0; top + BLOCK <= height; top += BLOCK)
    for (let left = 0; left + BLOCK <= width; left += BLOCK) {
      const { slope, variance } = lineOf(clean, hazy, width, { left, top, width: BLOCK, height: BLOCK });
      if (variance > TELLING) blocks.push(slope);
    }
  blocks.sort((a, b) => a - b);
  const at = (share: number) => blocks[Math.min(blocks.length - 1, Math.floor(share * blocks.length))] ?? whole.slope;
  const airlight = whole.offsets.map((offset) => offset / (1 - whole.slope)) as [number, number, number];
  const error = clean.reduce((sum, value, i) => sum + (value - hazy[i]!) ** 2, 0) / clean.length;
  return {
    psnr: -10 * Math.log10(error),
    transmission: whole.slope,
    airlight,
    thick: at(0.05),
    thin: at(0.95),
    saturation: saturationOf(clean),
  };
}

/** Fits the line input = slope·truth + offset by least squares: one slope for all channels, an offset for each. */
function lineOf(
  clean: Float32Array,
  hazy: Float32Array,
  stride: number,
  window: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
) {
  const sums = [0, 1, 2].map(() => ({ x: 0, y: 0, xx: 0, xy: 0 }));
  for (let y = window.top; y < window.top + window.height; y++)
    for (let i = 3 * (y * stride + window.left); i < 3 * (y * stride + window.left + window.width); i++) {
      const sum = sums[i % 3]!;
      const [a, b] = [clean[i]!, hazy[i]!];
      sum.x += a;
      sum.y += b;
      sum.xx += a * a;
      sum.xy += a * b;
    }
  const count = window.width * window.height;
  const total = (of: (sum: (typeof sums)[number]) => number) => sums.reduce((all, sum) => all + of(sum), 0) / count;
  const variance = total(({ x, xx }) => xx - (x * x) / count);
  const slope = variance === 0 ? 1 : total(({ x, y, xy }) => xy - (x * y) / count) / variance;
  return { slope, variance, offsets: sums.map(({ x, y }) => (y - slope * x) / count) };
}

function saturationOf(data: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 3) {
    const most = Math.max(data[i]!, data[i + 1]!, data[i + 2]!);
    if (most > 0) sum += (most - Math.min(data[i]!, data[i + 1]!, data[i + 2]!)) / most;
  }
  return (3 * sum) / data.length;
}

/** Medians over the pairs of a set, with the smallest and largest transmission. */
export interface HazeRow extends Omit<HazeStatistics, 'airlight'> {
  readonly set: string;
  readonly pairs: number;
  readonly least: number;
  readonly largest: number;
  /** Grey of the airlight, and the difference between its largest and smallest channel. */
  readonly airlight: number;
  readonly tint: number;
}

export const HAZES = [
  'haze',
  'room-haze',
  'indoor-haze',
  'outdoor-haze',
] as const satisfies (keyof typeof DEGRADATIONS)[];

/**
 * Measures real pairs, if a list is given, and every synthesised haze on the embedded photographs.
 * @throws UserError naming the file that cannot be used
 */
export async function hazeRows(real?: RealPairs, hazes: readonly (typeof HAZES)[number][] = HAZES): Promise<HazeRow[]> {
  const rows: HazeRow[] = [];
  for (const { set, pairs } of await statisticsSets(real, hazes)) {
    const measured: HazeStatistics[] = [];
    for (const source of pairs) {
      const { truth, input } = await openPair(source, Random.named('statistics', source.name));
      measured.push(hazeStatistics(truth, input));
    }
    const median = (of: (one: HazeStatistics) => number) =>
      measured.map(of).sort((a, b) => a - b)[Math.floor(measured.length / 2)]!;
    rows.push({
      ...{ set, pairs: measured.length, psnr: median(({ psnr }) => psnr) },
      transmission: median(({ transmission }) => transmission),
      least: Math.min(...measured.map(({ transmission }) => transmission)),
      largest: Math.max(...measured.map(({ transmission }) => transmission)),
      thick: median(({ thick }) => thick),
      thin: median(({ thin }) => thin),
      airlight: median(({ airlight: [r, g, b] }) => (r + g + b) / 3),
      tint: median(({ airlight }) => Math.max(...airlight) - Math.min(...airlight)),
      saturation: median(({ saturation }) => saturation),
    });
  }
  return rows;
}

/** Formats the rows as a Markdown table. */
export function hazeTable(rows: readonly HazeRow[]): string {
  return markdownOf(hazeCells(rows));
}

/** Formats the rows as text cells, with a head. */
export function hazeCells(rows: readonly HazeRow[]): Cells {
  const head = ['', 'pairs', 'PSNR in', 'transmission', 'range', '5 %', '95 %', 'airlight', 'tint', 'saturation'];
  const lines = rows.map((row) => [
    ...[row.set, String(row.pairs), row.psnr.toFixed(2), row.transmission.toFixed(2)],
    `${row.least.toFixed(2)} to ${row.largest.toFixed(2)}`,
    ...[row.thick, row.thin, row.airlight, row.tint, row.saturation].map((value) => value.toFixed(2)),
  ]);
  return [head, ...lines];
}
