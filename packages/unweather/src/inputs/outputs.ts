import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, extname, join, parse, resolve } from 'node:path';
import {
  errorCode,
  type FoundHeader,
  formatNamed,
  PICTURE_FORMATS,
  type PictureFileFormat,
  STANDARD,
} from '@unweather/core-tensor';
import { UsageError } from '../usage-error.js';
import type { FoundPicture } from './found.js';

const WRITTEN = /\.(png|jpe?g|jpe|jfif|webp|avif|tiff?|gif)$/i;

/** A picture and its output file; "-" is standard input and output. */
export interface Plan {
  readonly input: string;
  readonly output: string;
  /** Format of standard output. */
  readonly format?: PictureFileFormat;
  /** Frames of an animation, or pages, that are restored; 1: a single picture, the one of --frame, or standard input, whose frames are known later. */
  readonly frames: number;
  /** Width and height of the upright picture, if they are known. */
  readonly size?: Pick<FoundHeader, 'width' | 'height'>;
}

/** Output files of all pictures. */
export interface Plans {
  readonly plans: readonly Plan[];
  /** Folder that holds all outputs; undefined for standard output. */
  readonly folder: string | undefined;
}

/** Options for choosing output files. */
export interface OutputOptions {
  /** File, folder, or "-" for standard output. */
  readonly out: string;
  /** Format of every output; default: by the ending of `out`, or of each input. */
  readonly format?: PictureFileFormat;
  /** Lets an output replace an input. */
  readonly overwrite: boolean;
  /** Number of the only frame that is restored. */
  readonly frame?: number;
}

/**
 * Plans the output of each picture: one picture named by itself may go to the file `out`, others go below the folder
 * `out`, at the same path as below their input folder.
 * @throws UsageError where `out` does not suit, two pictures would go to one file, or one would replace an input
 */
export async function planOutputs(pictures: readonly FoundPicture[], options: OutputOptions): Promise<Plans> {
  const { out, format, frame } = options;
  if (out === STANDARD) return { plans: [standardPlan(pictures, options)], folder: undefined };
  const file = await isFile(pictures, options);
  const plans = pictures.map((picture) => {
    const frames = framesOf(picture, frame);
    const output = file ? out : join(out, renamed(picture.below, format, frames));
    return { input: picture.path, output, frames, ...sizeOf(picture) };
  });
  if (!file && pictures.some(({ path }) => path === STANDARD))
    throw new UsageError('standard input has no name; give the file to write with -o, or - for standard output');
  refuseSameOutputs(plans);
  await refuseLongNames(plans);
  if (!options.overwrite) await refuseInputs(plans);
  return { plans, folder: file ? dirname(out) : out };
}

/** Plans the only picture that may go to standard output. @throws UsageError for several, or without a format */
function standardPlan(pictures: readonly FoundPicture[], { format, frame }: OutputOptions): Plan {
  const [picture] = pictures as [FoundPicture];
  const { path, named } = picture;
  if (pictures.length > 1 || !named)
    throw new UsageError('standard output takes one picture; give one file, or a folder with -o');
  if (format === undefined && path === STANDARD)
    throw new UsageError(`standard output has no name; give its format with --format ${PICTURE_FORMATS.join(', ')}`);
  const frames = framesOf(picture, frame);
  return {
    input: path,
    output: STANDARD,
    format: format ?? formatNamed(renamed(path, undefined, frames)),
    frames,
    ...sizeOf(picture),
  };
}

function framesOf({ header }: FoundPicture, frame: number | undefined): number {
  return frame === undefined ? (header?.frames ?? 1) : 1;
}

function sizeOf({ header }: FoundPicture): Pick<Plan, 'size'> {
  return header === undefined ? {} : { size: header };
}

/** Refuses names that the file system does not hold, before the work and not after it. */
async function refuseLongNames(plans: readonly Plan[]): Promise<void> {
  for (const { output } of plans)
    if (errorCode(await lstat(output).catch((thrown: unknown) => thrown)) === 'ENAMETOOLONG')
      throw new UsageError(`${output}: the name is too long for a file; choose another with -o, or rename the picture`);
}

/** True if `out` is a file: one picture was named, and `out` has an ending and is no folder. */
async function isFile(pictures: readonly FoundPicture[], { out, format }: OutputOptions): Promise<boolean> {
  const kind = await stat(out).catch(() => undefined);
  if (kind?.isDirectory() || /[/\\]$/.test(out)) return false;
  const written = WRITTEN.test(out);
  if (pictures.length > 1 || !pictures[0]!.named) {
    if (kind === undefined && !written) return false;
    const what = pictures.length > 1 ? `${pictures.length} pictures are` : 'a folder or pattern is';
    throw new UsageError(`${out}: is one file, but ${what} to be restored; give a folder with -o`);
  }
  if (kind === undefined && extname(out) === '') return false;
  if (!written)
    throw new UsageError(`${out}: the name must end in .${PICTURE_FORMATS.join(', .')}; choose one of these formats`);
  if (format !== undefined && formatNamed(out) !== format)
    throw new UsageError(`${out}: its ending does not fit --format ${format}; change one of the two`);
  return true;
}

/** Path below the output folder, with the format's ending; a GIF of one frame becomes PNG, since GIF has 256 colours. */
function renamed(below: string, format: PictureFileFormat | undefined, frames: number): string {
  const { dir, name, ext } = parse(below);
  const own = WRITTEN.test(below) && (frames > 1 || formatNamed(below) !== 'gif') ? ext : '.png';
  const ending = format === undefined ? own : `.${format}`;
  const kept = WRITTEN.test(below) && formatNamed(below) === format;
  return join(dir, `${name}${kept ? ext : ending}`);
}

function refuseSameOutputs(plans: readonly Plan[]): void {
  const taken = new Map<string, string>();
  for (const { input, output } of plans) {
    const other = taken.get(asOne(resolve(output)));
    if (other !== undefined)
      throw new UsageError(
        `${other} and ${input} would both become ${output}; restore them into different folders, or rename one`,
      );
    taken.set(asOne(resolve(output)), input);
  }
}

/** Normalises paths, so that those that many file systems of this platform treat as the same become equal. */
function asOne(path: string): string {
  return process.platform === 'linux' ? path : path.normalize('NFC').toLowerCase();
}

async function refuseInputs(plans: readonly Plan[]): Promise<void> {
  const inputs = new Set(await Promise.all(plans.map(({ input }) => realpath(input).catch(() => resolve(input)))));
  for (const { output } of plans) {
    const place = await realpath(output).catch(() => undefined);
    if (place !== undefined && inputs.has(place))
      throw new UsageError(`${output}: is one of the inputs; write to another folder, or add --overwrite`);
  }
}
