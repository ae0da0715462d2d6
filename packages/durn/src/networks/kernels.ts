/** Kernels of one block's paired operations: T1 large and possibly dilated, T2 small. */
export interface PairedKernels {
  readonly t1: number;
  readonly dilation: number;
  readonly t2: number;
}

type Row = readonly [t1: number, dilation: number, t2: number];

const table = (rows: readonly Row[]): readonly PairedKernels[] =>
  rows.map(([t1, dilation, t2]) => ({ t1, dilation, t2 }));

/** Blocks 1 to 6 of the full-resolution networks (P, P without norm, S). */
export const FULL_RESOLUTION = table([
  [5, 1, 3],
  [7, 1, 5],
  [7, 2, 5],
  [11, 2, 7],
  [11, 1, 5],
  [11, 3, 7],
]);

/** Blocks 1 to 6 of DuRN-U; T2 downsamples to half the size. */
export const U = table([
  [3, 3, 3],
  [7, 1, 3],
  [3, 3, 3],
  [7, 1, 3],
  [3, 2, 3],
  [5, 1, 3],
]);

/** Blocks 1 to 12 of DuRN-US; T2 downsamples to half the size. */
export const US = table([
  [5, 1, 3],
  [5, 1, 3],
  [7, 1, 3],
  [7, 1, 3],
  ...Array.from({ length: 8 }, (): Row => [11, 1, 3]),
]);

/** Blocks 1 to 3 of DuRN-S-P, with channel attention. */
export const SP_ATTENTIVE = table([
  [3, 12, 3],
  [3, 8, 3],
  [3, 6, 3],
]);

/** Blocks 4 to 9 of DuRN-S-P. */
export const SP_PLAIN = table([
  [3, 2, 5],
  [5, 1, 5],
  [3, 3, 5],
  [7, 1, 5],
  [3, 4, 5],
  [7, 1, 5],
]);
