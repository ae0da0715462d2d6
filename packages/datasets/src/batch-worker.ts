import {
  cut,
  messageOf,
  mirrored,
  type Picture,
  Random,
  readPicture,
  toPlanes,
  UserError,
} from '@unweather/core-tensor';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { requireCrop } from './meta.js';
import { openPair } from './pair.js';
import type { Visit } from './visits.js';

/** What a worker thread is asked for: one batch. */
export interface BatchTask {
  readonly visits: readonly Visit[];
  readonly crop: number;
  readonly flip: boolean;
}

/** A batch, or the message of an error that the user can act on. */
export type BatchAnswer =
  | { input: Float32Array<ArrayBuffer>; truth: Float32Array<ArrayBuffer> }
  | { userError: string };

/** Decoded pictures kept by this thread, oldest first; small sets are thus decoded once. */
const CACHE_BYTES = 256 * 1024 * 1024;
const cache = new Map<string, Picture>();
let cached = 0;

/** Decodes, crops, flips and lays out one batch: NCHW float32 RGB in [0, 1]. */
export default async function makeBatch(task: BatchTask): Promise<BatchAnswer> {
  const { visits, crop } = task;
  const count = visits.length * 3 * crop * crop;
  const [input, truth] = [new Float32Array(count), new Float32Array(count)];
  try {
    for (const [index, visit] of visits.entries()) {
      const pair = await openVisit(visit, task);
      toPlanes(pair.input, input, index * 3 * crop * crop);
      toPlanes(pair.truth, truth, index * 3 * crop * crop);
    }
  } catch (thrown) {
    if (thrown instanceof UserError) return { userError: messageOf(thrown) };
    throw thrown;
  }
  return transferred({ input, truth }, [input.buffer, truth.buffer]);
}

/**
 * One sample. Crop offsets, then the flip, then what the source draws: rain falls on the crop alone, which looks like a
 * crop of a rainy picture and costs a fraction of it.
 */
async function openVisit({ source, stream }: Visit, { crop, flip }: BatchTask) {
  const random = Random.named(stream);
  let window: ((picture: Picture) => Picture) | undefined;
  return openPair(
    source,
    random,
    (picture) => {
      requireCrop(source.name, source.truth, picture, crop);
      window ??= drawWindow(picture, crop, flip, random);
      return window(picture);
    },
    readCached,
  );
}

function drawWindow({ width, height }: Picture, crop: number, flip: boolean, random: Random) {
  const left = random.integer(width - crop + 1);
  const top = random.integer(height - crop + 1);
  const mirror = flip && random.uniform() < 0.5;
  return (picture: Picture) => {
    const part = cut(picture, { left, top, width: crop, height: crop });
    return mirror ? mirrored(part) : part;
  };
}

/** Hands memory over to the other thread instead of copying it. */
function transferred<T extends object>(value: T, buffers: ArrayBuffer[]): T {
  return move({ [transferableSymbol]: buffers, [valueSymbol]: value }) as T;
}

async function readCached(path: string): Promise<Picture> {
  const known = cache.get(path);
  if (known !== undefined) return known;
  const picture = await readPicture(path);
  cache.set(path, picture);
  cached += picture.data.length;
  for (const [oldest, { data }] of cache) {
    if (cached <= CACHE_BYTES) break;
    cache.delete(oldest);
    cached -= data.length;
  }
  return picture;
}
