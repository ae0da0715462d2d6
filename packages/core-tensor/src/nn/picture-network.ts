import { type ColourOrder, channelsOf } from '../image/planes.js';
import type { Module } from './module.js';

/** What pictures a network takes. */
export interface PictureFormat {
  readonly colour: ColourOrder;
  /** Height and width must be multiples of it. */
  readonly multiple: number;
  /** Least height and width, in pixels. */
  readonly least: number;
  /** Side of the tiles that large pictures are taken apart in, in pixels; default 640. More shows a network more at a time. */
  readonly tile?: number;
}

/** A network from pictures to pictures; without a format it takes RGB of any size. */
export interface PictureNetwork extends Module {
  readonly pictures?: PictureFormat;
}

const ANY: PictureFormat = { colour: 'rgb', multiple: 1, least: 1 };

/** The pictures a network takes, with the defaults filled in. */
export function formatOf(network: PictureNetwork): PictureFormat & { readonly channels: number } {
  const format = network.pictures ?? ANY;
  return { ...format, channels: channelsOf(format.colour) };
}
