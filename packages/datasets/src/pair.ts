import { type Picture, type Random, Random as RandomStream, readPicture, UserError } from '@unweather/core-tensor';
import { addRain, RAIN_LEVELS, type RainLevel } from './rain.js';

/** Two picture files: the clean one and the degraded one. */
export interface FilePair {
  readonly kind: 'files';
  readonly name: string;
  readonly truth: string;
  readonly input: string;
}

/** A clean picture file on which rain is synthesised. */
export interface RainPair {
  readonly kind: 'rain';
  readonly name: string;
  readonly truth: string;
  /** 'drawn': one of the three levels at every visit. */
  readonly level: RainLevel | 'drawn';
  /** A number gives the same rain always; 'visit' other rain at every visit. */
  readonly seed: number | 'visit';
}

/** Where a pair of a clean and a degraded picture comes from; plain data, so that it travels to worker threads. */
export type PairSource = FilePair | RainPair;

/** The two pictures of a pair, of one size. */
export interface Pair {
  readonly truth: Picture;
  readonly input: Picture;
}

/** Reads a picture file; a loader's worker puts its cache here. */
export type PictureReader = (path: string) => Promise<Picture>;

/**
 * Opens the pictures of a pair.
 * @param random what a visit draws from; used by sources that are synthesised at every visit
 * @param prepare done to both pictures before anything is synthesised, such as a crop
 * @throws UserError naming the file that cannot be read, or both files and sizes where sizes differ
 */
export async function openPair(
  source: PairSource,
  random: Random,
  prepare: (picture: Picture) => Picture = (picture) => picture,
  read: PictureReader = readPicture,
): Promise<Pair> {
  const truth = await read(source.truth);
  if (source.kind === 'files') {
    const input = await read(source.input);
    if (truth.width !== input.width || truth.height !== input.height) throw differentSizes(source, truth, input);
    return { truth: prepare(truth), input: prepare(input) };
  }
  const clean = prepare(truth);
  const level = source.level === 'drawn' ? RAIN_LEVELS[random.integer(RAIN_LEVELS.length)]! : source.level;
  const rain = source.seed === 'visit' ? random : RandomStream.named('rain', source.seed, source.name);
  return { truth: clean, input: addRain(clean, level, rain) };
}

/** The error for two pictures of a pair that are not of one size. */
export function differentSizes(
  { name, truth, input }: FilePair,
  truthSize: { width: number; height: number },
  inputSize: { width: number; height: number },
): UserError {
  const size = (of: { width: number; height: number }) => `${of.width}×${of.height}`;
  return new UserError(
    `pair "${name}": ${truth} is ${size(truthSize)}, ${input} is ${size(inputSize)}; ` +
      'a pair needs two pictures of one size, correct the meta file or the pictures',
  );
}
