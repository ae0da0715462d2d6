/**
 * The size of one axis: a number, or the name of a size known only when the graph runs ("height", "batch", or an
 * expression of such names). One inference graph thus serves any picture.
 */
export type Dim = number | string;
/** Dimensions of a tensor, outermost first; pictures are NCHW. */
export type Shape = readonly Dim[];

/** True unless two sizes are certainly different. A symbolic size may turn out equal to anything. */
export function mayEqual(a: Dim, b: Dim): boolean {
  return typeof a === 'string' || typeof b === 'string' || a === b;
}

/** Size of an axis after broadcasting two operands, or undefined if they do not broadcast. */
export function broadcastDim(a: Dim, b: Dim): Dim | undefined {
  if (a === 1) return b;
  if (b === 1 || a === b) return a;
  if (!mayEqual(a, b)) return undefined;
  return typeof a === 'number' ? a : b;
}

/** Size after padding by `padding` in total and sliding a window that spans `extent` pixels by `stride`. */
export function slide(size: Dim, padding: number, extent: number, stride: number): Dim {
  const change = padding - extent + 1;
  if (typeof size === 'number') return Math.floor((size + change - 1) / stride) + 1;
  if (stride === 1) return grow(size, change);
  return `floor((${size}${signed(change - 1)})/${stride})+1`;
}

/** Size plus a constant. */
export function grow(size: Dim, by: number): Dim {
  if (typeof size === 'number') return size + by;
  return by === 0 ? size : `${size}${signed(by)}`;
}

/** Formats a shape as "[1,3,height,width]". */
export function show(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

function signed(value: number): string {
  if (value === 0) return '';
  return value > 0 ? `+${value}` : `${value}`;
}
