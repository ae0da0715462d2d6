import { BatchNorm2d, Conv2d, type Conv2dOptions } from '@unweather/core-tensor';

/** Channels of the four branches, at the full size, a half, a quarter and an eighth (official `list_channels`). */
const CHANNELS = [32, 64, 128, 256] as const;

/** Number of branches of the three searched stages. */
export const BRANCHES = [2, 3, 4] as const;
/** Number of cells in each searched stage. */
export const CELLS = 4;
/** Edges of an attention module: one to its first node, two to its second. */
export const EDGES = 3;

/** Format of the input: sides are multiples of 8, because the coarsest branch has an eighth of the size. */
export const FORMAT = { colour: 'rgb', multiple: 8, least: 8 } as const;

/**
 * Channels of the first branches of a network, finest first.
 * @param width of all branches, as a fraction of the paper's: a multiple of ½, because the attention modules squeeze
 * their channels to a sixteenth
 * @throws RangeError for another width
 */
export function channelsOf(branches: number, width = 1): number[] {
  if (!Number.isInteger(width * 2) || width <= 0)
    throw new RangeError(`a width of ${width} gives fractions of channels; choose a multiple of 1/2`);
  return CHANNELS.slice(0, branches).map((channels) => channels * width);
}

/** Convolution of all these networks: square, without bias, padded so that only the stride changes the size. */
export function conv(from: number, to: number, kernel: number, options: Conv2dOptions = {}): Conv2d {
  const { dilation = 1 } = options;
  return new Conv2d(from, to, kernel, { ...options, padding: (dilation * (kernel - 1)) / 2, bias: false });
}

/** The batch norm of the candidates, which has no weight and bias. */
export function plainNorm(channels: number): BatchNorm2d {
  return new BatchNorm2d(channels, { affine: false });
}
