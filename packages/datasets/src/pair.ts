import { type AnyPicture, isBytes, type Random, Random as RandomStream, UserError } from '@unweather/core-tensor';
import { DEGRADATIONS, type Degradation, type DegradationName } from './degrade/degradations.js';
import type { Frame } from './degrade/frame.js';
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
  /** One of the degradation's levels; 'drawn': a random one at every visit. */
  readonly level: string;
  /** A number gives the same degradation always; 'visit' gives a new one at every visit. */
  readonly seed: number | 'visit';
}

/** Source of a pair of a clean and a degraded picture; plain data, so that it can be sent to worker threads. */
export type PairSource = FilePair | SynthesisedPair;

/** The two pictures of a pair, of one size. */
export interface Pair {
  readonly truth: AnyPicture;
  readonly input: AnyPicture;
}

/** A part of a picture, with its position there. */
export interface Part {
  readonly picture: AnyPicture;
  readonly frame: Frame;
}

export interface OpenOptions {
  /** Prepares both pictures, for example by resizing and cropping, before the degradation is synthesised. */
  readonly prepare?: (picture: AnyPicture) => Part | Promise<Part>;
  /** Reads a picture; a loader's worker puts its cache here. */
  readonly read?: (name: string) => Promise<AnyPicture>;
  /** Random stream of a degradation that is drawn per visit; default: the visit's stream. */
  readonly degradation?: Random;
}

/**
 * Opens the pictures of a pair.
 * @param random random stream of the visit
 * @throws UserError naming the file that cannot be read, or both files and sizes if they differ in size
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
  if (!isBytes(clean))
    throw new UserError(
      `pair "${source.name}": ${source.degradation} can be added to pictures of bytes only; give an 8-bit picture`,
    );
  const drawn = options.degradation ?? random;
  const { levels, apply }: Degradation = DEGRADATIONS[source.degradation];
  const level = source.level === 'drawn' ? levels[drawn.integer(levels.length)]! : source.level;
  const stream = source.seed === 'visit' ? drawn : RandomStream.named(source.degradation, source.seed, source.name);
  return { truth: clean, input: apply(clean, level, stream, frame) };
}

/** Wraps a picture as a part that covers all of it. */
export function whole(picture: AnyPicture): Part {
  return { picture, frame: { left: 0, top: 0, width: picture.width, height: picture.height } };
}

/** Makes the error for a pair whose pictures differ in size. */
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
