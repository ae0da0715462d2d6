import { type AnyPicture, isBytes, type Random, Random as RandomStream, UserError } from '@unweather/core-tensor';
import { DEGRADATIONS, type Degradation, type DegradationName, type Frame } from './degrade/degradations.js';
import { openPicture } from './picture-file.js';

/** Two pictures from files: the clean one and the degraded one. */
export interface FilePair {
  readonly kind: 'files';
  readonly name: string;
  readonly truth: string;
  readonly input: string;
}

/** A clean picture from a file, on which its degradation is synthesised. */
export interface SynthesisedPair {
  readonly kind: 'synthesised';
  readonly name: string;
  readonly truth: string;
  readonly degradation: DegradationName;
  /** One of the degradation's levels; 'drawn': one of them at every visit. */
  readonly level: string;
  /** A number gives the same always; 'visit' another at every visit. */
  readonly seed: number | 'visit';
}

/** Where a pair of a clean and a degraded picture comes from; plain data, so that it travels to worker threads. */
export type PairSource = FilePair | SynthesisedPair;

/** The two pictures of a pair, of one size. */
export interface Pair {
  readonly truth: AnyPicture;
  readonly input: AnyPicture;
}

/** A part of a picture, with the place it has there. */
export interface Part {
  readonly picture: AnyPicture;
  readonly frame: Frame;
}

export interface OpenOptions {
  /** Done to both pictures before anything is synthesised, such as resizing and cropping. */
  readonly prepare?: (picture: AnyPicture) => Part | Promise<Part>;
  /** Reads a picture; a loader's worker puts its cache here. */
  readonly read?: (name: string) => Promise<AnyPicture>;
  /** What a degradation draws from at every visit; default: what the visit draws from. */
  readonly degradation?: Random;
}

/**
 * Opens the pictures of a pair.
 * @param random what a visit draws from
 * @throws UserError naming the file that cannot be read, or both files and sizes where sizes differ
 */
export async function openPair(source: PairSource, random: Random, options: OpenOptions = {}): Promise<Pair> {
  const { prepare = whole, read = openPicture } = options;
  const truth = await read(source.truth);
  if (source.kind === 'files') {
    const input = await read(source.input);
    if (truth.width !== input.width || truth.height !== input.height) throw differentSizes(source, truth, input);
    return { truth: (await prepare(truth)).picture, input: (await prepare(input)).picture };
  }
  const { picture: clean, frame } = await prepare(truth);
  if (!isBytes(clean)) throw new UserError(`pair "${source.name}": ${source.degradation} is made on bytes only`);
  const drawn = options.degradation ?? random;
  const { levels, apply }: Degradation = DEGRADATIONS[source.degradation];
  const level = source.level === 'drawn' ? levels[drawn.integer(levels.length)]! : source.level;
  const stream = source.seed === 'visit' ? drawn : RandomStream.named(source.degradation, source.seed, source.name);
  return { truth: clean, input: apply(clean, level, stream, frame) };
}

/** A picture as a part of itself. */
export function whole(picture: AnyPicture): Part {
  return { picture, frame: { left: 0, top: 0, width: picture.width, height: picture.height } };
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
