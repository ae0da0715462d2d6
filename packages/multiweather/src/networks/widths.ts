/** Widths whose checkpoints are taken: the paper's, and that of the quick recipe. */
export const WIDTHS = [1, 0.25];

/** Name by which checkpoints tell a network of a width. */
export function networkName(width: number): string {
  return width === 1 ? 'MSBDN' : `MSBDN-${width}`;
}
