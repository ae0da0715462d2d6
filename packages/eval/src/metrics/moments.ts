import type { Plane } from './channels.js';
import { multiply, type Row } from './kernel/rows.js';
import type { SsimWindow } from './window.js';

/** One row of each quantity that SSIM averages: x, y, x² + y² and x·y. */
export type Moments = readonly [x: Row, y: Row, squares: Row, products: Row];

/** Two planes of one size, read row by row, padded by a window's border rule. */
export class PlanePair {
  /** Padding around the planes, in pixels on every side. */
  private readonly margin: number;
  /** Size with the margin. */
  readonly width: number;
  readonly height: number;

  constructor(
    private readonly x: Plane,
    private readonly y: Plane,
    private readonly size: { readonly width: number; readonly height: number },
    private readonly window: SsimWindow,
  ) {
    this.margin = window.border === 'inside' ? 0 : (window.size - 1) / 2;
    this.width = size.width + 2 * this.margin;
    this.height = size.height + 2 * this.margin;
  }

  /** Writes the moments of a row; the row index includes the margin. */
  read(row: number, [x, y, squares, products]: Moments): void {
    this.readPlane(this.x, row - this.margin, x.values);
    this.readPlane(this.y, row - this.margin, y.values);
    multiply(x, y, squares, products);
  }

  private readPlane(plane: Plane, row: number, to: Float64Array): void {
    const { size, margin } = this;
    const { border } = this.window;
    if (border === 'zeros' && (row < 0 || row >= size.height)) {
      to.fill(0);
      return;
    }
    const from = Math.min(Math.max(row, 0), size.height - 1) * size.width;
    to.set(plane.subarray(from, from + size.width), margin);
    if (border !== 'repeated') return;
    to.fill(plane[from]!, 0, margin);
    to.fill(plane[from + size.width - 1]!, margin + size.width);
  }
}
