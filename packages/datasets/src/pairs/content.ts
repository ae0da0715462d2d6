import { join } from 'node:path';
import { messageOf, toBytes, UserError } from '@unweather/core-tensor';
import sharp from 'sharp';
import { openPicture } from '../picture-file.js';
import { inLanes } from '../prepare/lanes.js';
import type { Entry, Problem } from '../prepare/pairing.js';
import type { Matched } from './rule.js';

const SIDE = 24;

/**
 * Largest distance of a pair, and least by which every other picture must be farther. Chosen by the 21 embedded
 * photographs under 13 strong degradations (not all kinds), and measured on the same: a photograph is at most 0.59 from
 * its degraded version, and at least 0.84 from that of another one.
 */
const [FARTHEST, MARGIN] = [0.7, 0.1] as const;

/** Details of a small grey picture: each pixel minus the mean of its 3×3 neighbourhood; of length 1. */
type Thumbnail = Float64Array;

/** A picture of the other folder, with its distance: 1 minus the correlation of the thumbnails, 0 to 2. */
interface Near {
  readonly index: number;
  readonly distance: number;
}

/**
 * Pairs pictures whose thumbnails are alike: each must be the other's nearest, and every other picture clearly farther.
 * Only details count, not contrast, brightness and their course over the picture, since haze changes these. One input
 * per truth.
 * @returns the pairs; inputs that are unclear, each with the nearest truths and their distances
 * @throws Interrupted
 */
export async function contentMatch(
  folders: { readonly truth: string; readonly input: string },
  inputs: readonly string[],
  truths: readonly string[],
  options: Parameters<typeof inLanes>[2],
): Promise<Matched> {
  const paths = [
    ...inputs.map((path) => join(folders.input, path)),
    ...truths.map((path) => join(folders.truth, path)),
  ];
  const thumbnails = await inLanes(paths, (path) => thumbnailOf(path), options);
  const unclear: Problem[] = [];
  const read = (names: readonly string[], from: number) =>
    names.flatMap((path, i) => {
      const thumbnail = thumbnails[from + i]!;
      if (typeof thumbnail !== 'string') return [{ path, thumbnail }];
      unclear.push({ files: [path], why: thumbnail });
      return [];
    });
  const [from, to] = [read(inputs, 0), read(truths, inputs.length)];
  if (from.length === 0 || to.length === 0) return { entries: [], unclear };
  const backwards = to.map(({ thumbnail }) => nearest(thumbnail, from));
  const entries: Entry[] = [];
  for (const [index, { path, thumbnail }] of from.entries()) {
    const [best, second, third] = nearest(thumbnail, to);
    const back = backwards[best!.index]!;
    const next = Math.min(second?.distance ?? 2, back[1]?.distance ?? 2);
    if (back[0]!.index === index && best!.distance <= FARTHEST && next - best!.distance >= MARGIN)
      entries.push([to[best!.index]!.path, path]);
    else {
      const near = [best, second, third].filter((one) => one !== undefined);
      const listed = near.map((one) => `${to[one.index]!.path} at ${one.distance.toFixed(2)}`).join(', ');
      const rival = back[0]!.index === index ? '' : `, which is nearer to ${from[back[0]!.index]!.path}`;
      unclear.push({ files: [path], why: `nearest are ${listed}${rival}` });
    }
  }
  return { entries, unclear };
}

/** Makes a thumbnail; the reason, if the picture cannot be read. */
async function thumbnailOf(path: string): Promise<Thumbnail | string> {
  try {
    const { width, height, data } = toBytes(await openPicture(path));
    const small = await sharp(data, { raw: { width, height, channels: 3 } })
      .greyscale()
      .resize(SIDE, SIDE, { fit: 'fill' })
      .raw()
      .toBuffer();
    return detailsOf(small);
  } catch (thrown) {
    if (thrown instanceof UserError) return messageOf(thrown);
    throw thrown;
  }
}

/** A picture without any details becomes zeros, which are at a distance of 1 from everything. */
function detailsOf(grey: Uint8Array): Thumbnail {
  const inside = (place: number) => Math.min(SIDE - 1, Math.max(0, place));
  const details = Float64Array.from(grey, (value, place) => {
    const [x, y] = [place % SIDE, Math.floor(place / SIDE)];
    let [sum, count] = [0, 0];
    for (let row = inside(y - 1); row <= inside(y + 1); row++)
      for (let column = inside(x - 1); column <= inside(x + 1); column++) {
        sum += grey[row * SIDE + column]!;
        count++;
      }
    return value - sum / count;
  });
  const length = Math.hypot(...details);
  return details.map((value) => (length === 0 ? 0 : value / length));
}

/** Finds the three nearest, the nearest first. */
function nearest(thumbnail: Thumbnail, others: readonly { readonly thumbnail: Thumbnail }[]): Near[] {
  const best: Near[] = [];
  for (const [index, { thumbnail: other }] of others.entries()) {
    let product = 0;
    for (let i = 0; i < thumbnail.length; i++) product += thumbnail[i]! * other[i]!;
    const distance = Math.max(0, 1 - product);
    if (best.length === 3 && distance >= best[2]!.distance) continue;
    best.push({ index, distance });
    best.sort((a, b) => a.distance - b.distance);
    best.length = Math.min(best.length, 3);
  }
  return best;
}
