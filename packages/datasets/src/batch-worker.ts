import {
  type AnyPicture,
  type ColourOrder,
  channelsOf,
  cut,
  isBytes,
  messageOf,
  mirrored,
  Random,
  resizedBilinear,
  resizedOpenCV,
  rotated,
  toPlanes,
  UserError,
} from '@unweather/core-tensor';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { drawColourJitter, withColourJitter } from './colour-jitter.js';
import { BLOCK, drawCompression, throughJpeg } from './compression.js';
import { requireCrop } from './meta.js';
import { openPair, type Part } from './pair.js';
import { drawPhotoJitter, type PhotoJitter, withPhotoJitter } from './photo-jitter.js';
import { openPicture } from './picture-file.js';
import type { Visit } from './visits.js';

/** Width and height of patches. */
export interface PatchSize {
  readonly width: number;
  readonly height: number;
}

function patchSize(crop: number | PatchSize): PatchSize {
  return typeof crop === 'number' ? { width: crop, height: crop } : crop;
}

/** Options for cutting patches from pictures. */
export interface PatchOptions {
  /** Size to which both pictures are resized first, by OpenCV's default method. */
  readonly resize?: { readonly width: number; readonly height: number } | undefined;
  /** Size of the patches, in pixels; one number for squares, the only shape that can be rotated. */
  readonly crop: number | PatchSize;
  /** Mirror left to right with probability ½. */
  readonly flip: boolean;
  /** Rotate by a random multiple of 90°, counter-clockwise; after the flip. */
  readonly rotate?: boolean | undefined;
  /** Change the colours of both pictures alike, in half of the patches, before the degradation is synthesised. */
  readonly colourJitter?: boolean | undefined;
  /** Change scale and tones of most photographs, before the degradation is synthesised; see drawPhotoJitter. */
  readonly photoJitter?: boolean | undefined;
  /** Compress most degraded patches as JPEG, at a random offset in its grid of blocks; see drawCompression. */
  readonly compression?: boolean | undefined;
  /** Treatment of pictures smaller than the crop: an error (the default), or a resize to it, ignoring their shape. */
  readonly small?: 'refuse' | 'resize' | undefined;
  /** Channels of the batch; default RGB. */
  readonly colour?: ColourOrder;
}

/** Task of a worker thread: one batch. */
export interface BatchTask extends PatchOptions {
  readonly visits: readonly Visit[];
  /** Number of earlier batches made of these visits: crops stay, the synthesised degradation is drawn anew. */
  readonly repeat: number;
}

/** Pictures of a batch, [size, channels, crop, crop]. */
export interface MadeBatch {
  readonly input: Float32Array<ArrayBuffer>;
  readonly truth: Float32Array<ArrayBuffer>;
}

/** A pair that cannot be used, where a batch was asked for. */
export interface BadVisit {
  /** Index of the visit that met it. */
  readonly badVisit: number;
  /** Message of the error, which the user can act on. */
  readonly why: string;
}

/** Limit of the decoded pictures that this thread caches, the oldest evicted first; small sets are decoded once. */
const CACHE_BYTES = 256 * 1024 * 1024;
const cache = new Map<string, AnyPicture>();
let cached = 0;

/** Decodes, resizes, crops, flips and lays out one batch: NCHW float32. */
export default async function makeBatch(task: BatchTask): Promise<MadeBatch | BadVisit> {
  const { visits, colour = 'rgb' } = task;
  const patch = patchSize(task.crop);
  const size = channelsOf(colour) * patch.width * patch.height;
  const [input, truth] = [new Float32Array(visits.length * size), new Float32Array(visits.length * size)];
  for (const [index, visit] of visits.entries())
    try {
      const pair = await openVisit(visit, task);
      toPlanes(pair.input, colour, input, index * size);
      toPlanes(pair.truth, colour, truth, index * size);
    } catch (thrown) {
      if (thrown instanceof UserError) return { badVisit: index, why: messageOf(thrown) };
      throw thrown;
    }
  return transferred({ input, truth }, [input.buffer, truth.buffer]);
}

/**
 * Makes one sample. Draws the crop offsets, the flip, the rotation and the colours, then the source's degradation. Rain
 * is synthesised on the crop alone, which looks like a crop of a rainy picture and costs a fraction of it. JPEG comes
 * last.
 */
export async function openVisit(
  { source, stream, variant = 0 }: Visit,
  {
    crop,
    flip,
    rotate = false,
    colourJitter = false,
    photoJitter = false,
    compression = false,
    resize,
    small,
    repeat,
  }: Omit<BatchTask, 'visits'>,
) {
  const random = Random.named(stream);
  const size = patchSize(crop);
  // Drawn from their own streams, so that patches left unchanged are the same as without these options.
  const photo = photoJitter ? drawPhotoJitter(Random.named(stream, 'photo')) : undefined;
  let jpeg = compression ? drawCompression(Random.named(stream, 'compression', repeat)) : undefined;
  let patch: ((picture: AnyPicture) => Promise<Part>) | undefined;
  const prepare = async (picture: AnyPicture) => {
    let sized = resize === undefined || !isBytes(picture) ? picture : resizedOpenCV(picture, resize);
    if (small === 'resize' && (sized.width < size.width || sized.height < size.height))
      sized = resizedBilinear(sized, size);
    requireCrop(source.name, source.truth, sized, size);
    const [width, height] = [size.width + BLOCK, size.height + BLOCK];
    // A picture too small for the offset in JPEG's grid is not compressed.
    if (sized.width < width || sized.height < height) jpeg = undefined;
    patch ??= drawPatch(sized, jpeg ? { width, height } : size, { flip, rotate, colourJitter, photo }, random);
    const part = await patch(sized);
    if (jpeg === undefined || !jpeg.truthToo || source.kind === 'files') return part;
    return { ...part, picture: await throughJpeg(part.picture, jpeg.quality) };
  };
  const again = [...(repeat > 0 ? ['repeat', repeat] : []), ...(variant > 0 ? ['variant', variant] : [])];
  const degradation = again.length > 0 ? { degradation: Random.named(stream, ...again) } : {};
  const pair = await openPair(source, random, { prepare, read: readCached, ...degradation });
  if (jpeg === undefined) return pair;
  const inside = { left: jpeg.left, top: jpeg.top, ...size };
  return { truth: cut(pair.truth, inside), input: cut(await throughJpeg(pair.input, jpeg.quality), inside) };
}

function drawPatch(
  { width, height }: AnyPicture,
  patch: PatchSize,
  {
    flip,
    rotate,
    colourJitter,
    photo,
  }: { flip: boolean; rotate: boolean; colourJitter: boolean; photo: PhotoJitter | undefined },
  random: Random,
) {
  const shrink = Math.min(photo?.shrink ?? 1, width / patch.width, height / patch.height);
  const window = { width: Math.floor(patch.width * shrink), height: Math.floor(patch.height * shrink) };
  const left = random.integer(width - window.width + 1);
  const top = random.integer(height - window.height + 1);
  const mirror = flip && random.uniform() < 0.5;
  const quarters = rotate ? random.integer(4) : 0;
  const jitter = colourJitter ? drawColourJitter(random) : undefined;
  const at = (pixels: number) => Math.round(pixels / shrink);
  const frame = { left: at(left), top: at(top), width: at(width), height: at(height) };
  return async (picture: AnyPicture): Promise<Part> => {
    const whole = cut(picture, { left, top, ...window });
    const part = photo ? await withPhotoJitter(whole, photo, patch) : whole;
    const turned = rotated(mirror ? mirrored(part) : part, quarters);
    return { picture: jitter === undefined ? turned : withColourJitter(turned, jitter), frame };
  };
}

/** Transfers memory to the other thread instead of copying it. */
function transferred<T extends object>(value: T, buffers: ArrayBuffer[]): T {
  return move({ [transferableSymbol]: buffers, [valueSymbol]: value }) as T;
}

async function readCached(path: string): Promise<AnyPicture> {
  const known = cache.get(path);
  if (known !== undefined) return known;
  const picture = await openPicture(path);
  cache.set(path, picture);
  cached += picture.data.byteLength;
  for (const [oldest, { data }] of cache) {
    if (cached <= CACHE_BYTES) break;
    cache.delete(oldest);
    cached -= data.byteLength;
  }
  return picture;
}
