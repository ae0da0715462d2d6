import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { load } from '@unweather/aecr';
import { encodePicture, Random } from '@unweather/core-tensor';
import { type Command, started } from './killed.js';
import { HAZE } from './scenarios.js';

/** Slope of a line through numbers, in megabytes per hundred rounds, with its standard error. */
export interface Slope {
  readonly slope: number;
  readonly error: number;
}

/**
 * Fits a line by least squares.
 * @param rounds of each sample
 * @param megabytes of each sample
 */
export function slopeOf(rounds: readonly number[], megabytes: readonly number[]): Slope {
  const n = rounds.length;
  const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / n;
  const [x, y] = [mean(rounds), mean(megabytes)];
  const sum = (of: (i: number) => number) => rounds.reduce((all, _, i) => all + of(i), 0);
  const width = sum((i) => (rounds[i]! - x) ** 2);
  const slope = sum((i) => (rounds[i]! - x) * (megabytes[i]! - y)) / width;
  const rest = sum((i) => (megabytes[i]! - y - slope * (rounds[i]! - x)) ** 2);
  return { slope: 100 * slope, error: 100 * Math.sqrt(rest / (n - 2) / width) };
}

/** Collects garbage, without an option of Node's. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Resident memory, in megabytes, after a round of some work. */
type Sample = readonly [round: number, megabytes: number];

/** Growth over the second half of the rounds: in the first one, caches fill and code is compiled. */
function growth(samples: readonly Sample[]): Slope {
  const half = samples.slice(Math.floor(samples.length / 2));
  return slopeOf(
    half.map(([round]) => round),
    half.map(([, megabytes]) => megabytes),
  );
}

/**
 * Restores a small picture many times, and measures this process after garbage was collected.
 * @param every rounds between two measurements
 */
export async function growthOfRestoring(rounds: number, every: number): Promise<Slope> {
  const collect = collector();
  const random = new Random(1);
  const data = Uint8Array.from({ length: 64 * 64 * 3 }, () => random.integer(256));
  const png = await encodePicture({ picture: { width: 64, height: 64, data } }, 'png');
  const model = await load({ weights: HAZE, threads: 1 });
  const samples: Sample[] = [];
  for (let round = 1; round <= rounds; round++) {
    await (await model.restore(png)).toBuffer('png');
    if (round % every !== 0) continue;
    collect();
    samples.push([round, process.memoryUsage().rss / 2 ** 20]);
  }
  await model.dispose();
  return growth(samples);
}

/**
 * Runs a training that logs JSON lines, and measures its process, on Linux.
 * @param every steps between two measurements
 */
export async function growthOfTraining(command: Command, every: number): Promise<Slope> {
  const { child, ended } = started(command);
  const samples: Sample[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const step = Number(/"event":"step","step":(\d+)/.exec(line)?.[1] ?? 0);
    if (step === 0 || step % every !== 0) return;
    const [, pages] = readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ');
    samples.push([step, (Number(pages) * 4096) / 2 ** 20]);
  });
  const { status, output } = await ended;
  if (status !== 0) throw new Error(`the training ended with ${status}: ${output}`);
  return growth(samples);
}

/** Restoring of large pictures at a time. */
export interface Crowd {
  /** Most resident memory, in megabytes. */
  readonly megabytes: number;
  /** Longest delay of the event loop, in milliseconds; what other processes take counts, too. */
  readonly delay: number;
}

/**
 * Restores pictures of 12 megapixels at the same time, and writes them.
 * @param folder for the files
 */
export async function restoreCrowd(count: number, folder: string): Promise<Crowd> {
  const [width, height] = [4000, 3000];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i >> 6) & 255);
  const file = join(folder, 'large.jpg');
  await writeFile(file, await encodePicture({ picture: { width, height, data } }, 'jpg'));
  const model = await load({ weights: HAZE, threads: 1 });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const each = async (i: number) => (await model.restore(file)).toFile(join(folder, `${i}.jpg`));
  await Promise.all(Array.from({ length: count }, (_, i) => each(i)));
  delay.disable();
  await model.dispose();
  return { megabytes: process.resourceUsage().maxRSS / 1024, delay: delay.max / 1e6 };
}
