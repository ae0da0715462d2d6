import type { PictureFormat } from '../nn/picture-network.js';
import { UserError } from '../support/error.js';
import { valueText } from '../support/value-text.js';
import { cutSeams, rampSeams, type Seams } from './seams.js';

/** Options for splitting a picture into tiles. */
export interface TileOptions {
  /**
   * Side of the square tiles, in pixels, rounded up to a multiple that the network needs; a tile as large as the
   * picture keeps it whole. 'auto', the default, restores pictures of up to 1.5 million pixels whole, and larger ones
   * in tiles of 640; a network may declare other numbers. A network that uses the whole picture (averages over it,
   * normalises channels over it) then treats each tile as a picture.
   */
  readonly tile?: number | 'auto';
  /**
   * Least number of pixels that neighbouring tiles overlap by, from 0 to half a tile. Default: twice the radius of the
   * receptive field, which gives the same result as the whole picture; if that is more than half a tile, a quarter of
   * a tile, with blended seams.
   */
  readonly overlap?: number;
}

/** Tiles along one axis, all of one size, with the share of each in every pixel. */
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

/** Largest number of pixels that 'auto' restores whole; most networks take 0.4 to 2.9 GB per million. */
const WHOLE = 1.5e6;
/** Side of the tiles of 'auto'; with it every network restores a photograph of 24 megapixels within 2.5 GB. */
const TILE = 640;

/**
 * Lays tiles over a picture that is extended, to the right and at the bottom, to sides that the network accepts.
 * @param radius see receptiveRadiusOf
 * @throws UserError when the options are out of range
 */
export function planTiles(
  { width, height }: { readonly width: number; readonly height: number },
  { multiple, least, tile: usual = TILE, whole: most = WHOLE }: PictureFormat,
  radius: number,
  { tile = 'auto', overlap }: TileOptions = {},
): TilePlan {
  const up = (pixels: number) => Math.ceil(pixels / multiple) * multiple;
  const extended = (side: number) => up(Math.max(side, least));
  if (tile !== 'auto' && !(Number.isSafeInteger(tile) && tile >= least))
    throw new UserError(`tile is ${valueText(tile)}; give "auto" or a whole number of at least ${least} pixels`);
  const whole = tile === 'auto' && width * height <= most;
  const size = whole ? extended(Math.max(width, height)) : up(tile === 'auto' ? usual : tile);
  const half = Math.floor(size / 2 / multiple) * multiple;
  if (overlap !== undefined && !(Number.isSafeInteger(overlap) && overlap >= 0 && up(overlap) <= half))
    throw new UserError(`overlap is ${valueText(overlap)}; give a whole number from 0 to half of the tile, ${half}`);
  const exact = up(2 * radius);
  const shared = overlap === undefined ? (exact <= half ? exact : Math.min(up(size / 4), half)) : up(overlap);
  const axis = (length: number): Axis => {
    const full = extended(length);
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

/** First pixel of each tile: as few tiles as overlap by at least `shared`, spread evenly. */
function startsOf(full: number, size: number, shared: number, multiple: number): number[] {
  if (size === full) return [0];
  const count = Math.ceil((full - shared) / (size - shared));
  return Array.from({ length: count }, (_, i) => Math.floor((i * (full - size)) / (count - 1) / multiple) * multiple);
}
