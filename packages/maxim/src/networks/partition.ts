import { reshapeLike, type Tensor, transpose, unflatten } from '@unweather/core-tensor';
import { rowsOf } from './layers.js';

/** Tokens that are mixed with each other: those of a block, or those at the same place of all cells of a grid. */
export type Tokens = { readonly kind: 'block' | 'grid'; readonly side: number };

/** Features whose positions are ordered by token, as rows, and the way back. */
export interface Partition {
  /** [side²·R, C]: token by token, and for each token all R places where it occurs. */
  readonly rows: Tensor;
  /** Brings rows of the same order and number of channels back to [N, H, W, C]. */
  restore(rows: Tensor): Tensor;
}

/** Axes of [N, rows, rows within, columns, columns within, C] that make a token, then the others. */
const ORDERS = { block: [2, 4, 0, 1, 3, 5], grid: [1, 3, 0, 2, 4, 5] } as const;

/**
 * Orders positions by token (§3.2 of the paper). A block is side × side neighbours; a grid has side × side cells, and the
 * positions at the same place of every cell mix.
 * @param x [N, H, W, C], H and W multiples of side
 */
export function partition(x: Tensor, { kind, side }: Tokens): Partition {
  const sizes = kind === 'block' ? [-1, side] : [side, -1];
  const order = ORDERS[kind];
  // Columns first: a size behind the split axis that is known only at run time costs operations.
  const ordered = transpose(unflatten(unflatten(x, 2, sizes), 1, sizes), order);
  const back = order.map((_, axis) => order.indexOf(axis as 0));
  return {
    rows: rowsOf(ordered),
    restore: (rows) => reshapeLike(transpose(reshapeLike(rows, ordered), back), x),
  };
}
