import type { PictureFormat } from '../nn/picture-network.js';
import { UserError } from '../support/error.js';
import { cutSeams, rampSeams, type Seams } from './seams.js';

/** How a picture is taken apart. */
export interface TileOptions {
  /**
   * Side of the square tiles, in pixels, rounded up to what the network needs; one as long as the picture keeps it whole.
   * 'auto', the default: pictures of up to 1.5 million pixels are restored whole, and larger ones in tiles of 640, or of
   * the size that the network says. Where the network looks at the whole picture (averages over it, norms channels by
   * it), each tile is then taken for one.
   */
  readonly tile?: number | 'auto';
  /**
   * How many pixels neighbouring tiles share at least, from 0 to half of a tile. Default: twice as far as the network
   * looks, which makes the result that of the whole picture; where that is more than half of a tile, a quarter of it,
   * and the seams are blended.
   */
  readonly overlap?: number;
}

/** Tiles along one axis, all of one size, with the share that each has in every pixel. */
export interface Axis {
  readonly size: number;
  readonly starts: readonly number[];
  readonly seams: Seams;
}

/** Tiles of a picture: every column of one axis by every row of the other. */
export interface TilePlan {
  readonly across: Axis;
  readonly down: Axis;
}

/** Pixels up to which 'auto' leaves a picture whole; for a million of them networks take 0.4 to 2.9 GB. */
const WHOLE = 1.5e6;
/** Side of the tiles of 'auto': with it every network restores a photograph of 24 megapixels within 2.5 GB. */
const TILE = 640;

/**
 * Lays tiles over a picture that is continued, to the right and at the bottom, to sides that the network takes.
 * @param radius see receptiveRadiusOf
 * @throws UserError when the options are out of range
 */
export function planTiles(
  { width, height }: { readonly width: number; readonly height: number },
  { multiple, least, tile: usual = TILE }: PictureFormat,
  radius: number,
  { tile = 'auto', overlap }: TileOptions = {},
): TilePlan {
  const up = (pixels: number) => Math.ceil(pixels / multiple) * multiple;
  if (tile !== 'auto' && !(Number.isSafeInteger(tile) && tile >= least))
    throw new UserError(`tile is ${tile}; give "auto" or a whole number of at least ${least} pixels`);
  const whole = tile === 'auto' && width * height <= WHOLE;
  const size = whole ? up(Math.max(width, height)) : up(tile === 'auto' ? usual : tile);
  const half = Math.floor(size / 2 / multiple) * multiple;
  if (overlap !== undefined && !(Number.isSafeInteger(overlap) && overlap >= 0 && up(overlap) <= half))
    throw new UserError(`overlap is ${overlap}; give a whole number from 0 to half of the tile, ${half}`);
  const exact = up(2 * radius);
  const shared = overlap === undefined ? (exact <= half ? exact : Math.min(up(size / 4), half)) : up(overlap);
  const axis = (length: number): Axis => {
    const full = up(length);
    const side = Math.min(full, size);
    const starts = startsOf(full, side, shared, multiple);
    return {
      size: side,
      starts,
      seams: shared >= 2 * radius ? cutSeams(starts, side) : rampSeams(starts, side),
    };
  };
  return { across: axis(width), down: axis(height) };
}

/** First pixels of as few tiles as share so much, spread evenly. */
function startsOf(full: number, size: number, shared: number, multiple: number): number[] {
  if (size === full) return [0];
  const count = Math.ceil((full - shared) / (size - shared));
  return Array.from({ length: count }, (_, i) => Math.floor((i * (full - size)) / (count - 1) / multiple) * multiple);
}
