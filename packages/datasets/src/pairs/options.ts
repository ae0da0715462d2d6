import { resolve } from 'node:path';
import { UserError } from '@unweather/core-tensor';
import { pairOf, weatherNames } from '../meta.js';

/** Options for pairing the pictures of one's own folders; exactly one of `input`, `halves` and `degrade`. */
export interface PairsOptions {
  /** Folder of clean pictures. */
  readonly truth?: string | undefined;
  /** Folder of degraded pictures. */
  readonly input?: string | undefined;
  /** Folder of pictures that hold a pair side by side. */
  readonly halves?: string | undefined;
  /** Half with the clean picture. */
  readonly truthHalf?: 'left' | 'right' | undefined;
  /** Weather to synthesise on the clean pictures, each with its level: "rain-drawn". */
  readonly degrade?: readonly string[] | undefined;
  /** INPUT=TRUTH, or "content"; default: the usual rule that fits. */
  readonly match?: string | undefined;
  /** True if truths may be larger than their inputs: their centre is used. */
  readonly centre: boolean;
  /** Meta file to write. */
  readonly out: string;
  /** Fraction of the scenes to hold out, below 1, or their number. */
  readonly heldOut?: number | undefined;
  /** Seed of the split and of synthesised weather. */
  readonly seed: number;
  /** Folder for the synthesised inputs, as PNG. */
  readonly write?: string | undefined;
  /** Number of files that may be left over, or pairs that cannot be used. */
  readonly allowPartial: number;
}

/** Source of the pairs, with the folders that it needs. */
export type PairsSource =
  | { readonly kind: 'folders'; readonly truth: string; readonly input: string }
  | { readonly kind: 'halves'; readonly folder: string; readonly truthHalf: 'left' | 'right' }
  | { readonly kind: 'degrade'; readonly truth: string; readonly weathers: readonly string[] };

/** Checks that the options name one source. @throws UserError naming the option that is missing or too many */
export function sourceOf(options: PairsOptions): PairsSource {
  const { truth, input, halves, truthHalf, degrade, match, write } = options;
  const given = [input && '--input', halves && '--halves', degrade && '--degrade'].filter((name) => name !== undefined);
  if (given.length !== 1)
    throw new UserError(
      `${given.length === 0 ? 'no inputs' : given.join(' and ')}: give one of --input DIR, --halves DIR and ` +
        '--degrade WEATHER-LEVEL',
    );
  const needless = (value: unknown, name: string, other: string) => {
    if (value !== undefined) throw new UserError(`${name}: belongs to ${other}, not to ${given[0]}; leave it out`);
  };
  if (input === undefined) needless(match, '--match', '--input');
  if (halves === undefined) needless(truthHalf, '--truth-half', '--halves');
  if (degrade === undefined) needless(write, '--write', '--degrade');
  if (halves !== undefined) {
    needless(truth, '--truth', '--input and --degrade');
    if (truthHalf === undefined) throw new UserError('--halves: give the half of the clean picture by --truth-half');
    return { kind: 'halves', folder: halves, truthHalf };
  }
  if (truth === undefined) throw new UserError(`${given[0]}: give the folder of clean pictures by --truth`);
  if (input === undefined) return { kind: 'degrade', truth, weathers: [...new Set(degrade)].map(checkWeather) };
  if (resolve(truth) === resolve(input))
    throw new UserError(`${truth}: is both --truth and --input; give two folders, or --halves`);
  return { kind: 'folders', truth, input };
}

function checkWeather(weather: string): string {
  const pair = pairOf(`--degrade ${weather}`, 'a.png', `a.png#${weather}`);
  if (pair.kind === 'synthesised') return weather;
  throw new UserError(
    `--degrade ${weather}: is no weather with a level, such as rain-drawn or haze-light; ` +
      `weathers are ${weatherNames().join(', ')}`,
  );
}
