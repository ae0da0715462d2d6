import { existsSync } from 'node:fs';
import {
  type DecodedPicture,
  type DecodeOptions,
  decodePicture,
  isStream,
  kindOf,
  messageOf,
  metadataOf,
  pathOf,
  pixelsOf,
  readHeader,
  readWhole,
  UserError,
} from '@unweather/core-tensor';
import type { Sharp } from 'sharp';
import { type Bytes, bytesOf } from './bytes.js';
import {
  fromImageData,
  fromPlanes,
  fromRestored,
  type ImageDataLike,
  isImageData,
  isPlanes,
  isRestored,
  type Planes,
  requireFrame,
} from './pixels.js';
import type { RestoredPixels } from './restored-pixels.js';

/**
 * A picture: the path or `file:` URL of a file, the bytes of one (in memory, a Blob or a stream), a sharp image, a
 * restored picture, or pixels. A path that exists wins, even if it looks like a URL. Files may be PNG, JPEG, WebP,
 * TIFF, AVIF or GIF, of 8 or 16 bits, or a TIFF of floats from 0 to 1 or of 32 bits.
 */
export type PictureInput = string | URL | Bytes | Sharp | RestoredPixels | ImageDataLike | Planes;

/** A decoded picture, with its name for messages. */
export interface NamedPicture {
  readonly name: string;
  readonly decoded: DecodedPicture;
}

/**
 * Reads a picture, or one frame of it.
 * @throws UserError naming the input: missing, not a picture, truncated, wrong shape, wrong values, no such frame
 */
export async function readInput(input: PictureInput, options: DecodeOptions = {}): Promise<NamedPicture> {
  if (typeof input === 'string' || isUrl(input)) {
    const name = placeOf(input);
    await roomForFile(name, options);
    return { name, decoded: await decodePicture(await readWhole(name, 'check the path'), name, options) };
  }
  const named = async (name: string, decoded: Promise<DecodedPicture>) => ({ name, decoded: await decoded });
  const single = (name: string, decode: () => Promise<DecodedPicture>) => {
    requireFrame(options.frame, 1, name);
    return named(name, decode());
  };
  if (typeof input !== 'object' || input === null) throw unreadable(input);
  if (isRestored(input)) return named('the restored picture', fromRestored(input, options));
  if (isSharp(input)) return named('the sharp image', fromSharp(input, options));
  if (isPlanes(input)) return single('the Float32Array', () => fromPlanes(input));
  if (isImageData(input)) return single('the ImageData', () => fromImageData(input));
  const found = await bytesOf(input);
  if (found) return named(found.name, decodePicture(found.bytes, found.name, options));
  throw unreadable(input);
}

/** Waits for room before a file is read: many files at a time would fill the memory, too. */
async function roomForFile(path: string, { frame, room }: DecodeOptions): Promise<void> {
  if (room === undefined || (await isStream(path).catch(() => true))) return;
  // What is wrong with a file is told when it is decoded.
  const header = await readHeader(path, path).catch(() => undefined);
  if (header) await room(pixelsOf(header, frame));
}

function unreadable(input: unknown): UserError {
  return new UserError(
    `a picture cannot be read from ${shownKind(input)}; give a path, a file: URL, the bytes of a file, a Blob, a stream, an image of sharp’s, ImageData, or { data: Float32Array, shape: [1, 3, height, width] }`,
  );
}

function placeOf(input: string | URL): string {
  const url = String(input);
  if (!/^(https?|data|blob):/i.test(url) || (typeof input === 'string' && existsSync(input))) return pathOf(input);
  const shown = url.length > 100 ? `${url.slice(0, 100)}…` : url;
  throw new UserError(
    `${shown}: pictures are not downloaded; give a file’s path, a file: URL, or the bytes of the picture`,
  );
}

/** Runs the sharp image's pipeline; keeps its bit depth, its profile and its orientation. */
async function fromSharp(image: Sharp, options: DecodeOptions): Promise<DecodedPicture> {
  const name = 'the sharp image';
  const rendered = async () => {
    const { depth, space } = stored;
    const copy = image.clone().keepExif();
    if (['srgb', 'rgb', 'rgb16'].includes(space)) copy.keepIccProfile();
    // Floats and 32-bit numbers stay as they are; libvips would take them for bytes.
    if (depth === 'float' || depth === 'uint') copy.pipelineColourspace(space).toColourspace(space);
    else if (depth !== 'uchar') copy.toColourspace('rgb16');
    return copy.tiff({ compression: 'none' }).toBuffer();
  };
  const failed = (thrown: unknown): never => {
    throw new UserError(`${name}: cannot be computed (${messageOf(thrown)}); check its input and its steps`);
  };
  const stored = await image.metadata().catch(failed);
  const bytes = await rendered().catch(failed);
  // A TIFF of sharp's holds no EXIF data.
  const metadata = await metadataOf(stored);
  const { density } = stored;
  return {
    ...(await decodePicture(bytes, name, options)),
    ...(density !== undefined && { density }),
    ...(metadata && { metadata }),
  };
}

function isUrl(input: unknown): input is URL {
  return kindOf(input) === 'URL';
}

function isSharp(input: object): input is Sharp {
  return ['metadata', 'clone', 'toBuffer'].every((name) => typeof Reflect.get(input, name) === 'function');
}

/** Describes an input of a wrong type, for callers in untyped JavaScript. */
function shownKind(input: unknown): string {
  if (typeof input !== 'object' || input === null) return input === null ? 'null' : typeof input;
  const keys = Object.keys(input);
  return keys.length > 0 ? `an object of ${keys.slice(0, 5).join(', ')}` : 'an object';
}
