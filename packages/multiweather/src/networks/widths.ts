/** Supported widths of checkpoints: the paper's, and that of the quick recipe. */
export const WIDTHS = [1, 0.25];

/** Name of the network of a width in checkpoints. */
export function networkName(width: number): string {
  return width === 1 ? 'MSBDN' : `MSBDN-${width}`;
}
