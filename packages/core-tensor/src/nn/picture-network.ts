import { type ColourOrder, channelsOf } from '../image/planes.js';
import type { Module } from './module.js';

/** Format of the pictures that a network takes. */
export interface PictureFormat {
  readonly colour: ColourOrder;
  /** Height and width must be multiples of it. */
  readonly multiple: number;
  /** Least height and width, in pixels. */
  readonly least: number;
  /** Side of the tiles that large pictures are split into, in pixels; default 640. Larger tiles give more context. */
  readonly tile?: number;
  /** Largest number of pixels that is restored whole by default; default 1.5 million. Depends on the memory it takes. */
  readonly whole?: number;
}

/** A network from pictures to pictures; without a format it takes RGB of any size. */
export interface PictureNetwork extends Module {
  readonly pictures?: PictureFormat;
}

const ANY: PictureFormat = { colour: 'rgb', multiple: 1, least: 1 };

/** Picture format of a network, with the defaults filled in. */
export function formatOf(network: PictureNetwork): PictureFormat & { readonly channels: number } {
  const format = network.pictures ?? ANY;
  return { ...format, channels: channelsOf(format.colour) };
}
