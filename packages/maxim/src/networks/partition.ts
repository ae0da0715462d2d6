import { reshapeLike, type Tensor, transpose } from '@unweather/core-tensor';
import { rowsOf } from './layers.js';

/** Tokens that are mixed with each other: those of a block, or those at the same place of all cells of a grid. */
export type Tokens = { readonly kind: 'block' | 'grid'; readonly side: number };

/** Features whose positions are ordered by token, and the way back. */
export interface Partition {
  /** [rows of a token, columns of a token, …, C]: first the tokens, then all places where each occurs. */
  readonly ordered: Tensor;
  /** Brings features in this order, of the same number of channels, back to the order of the picture, as rows. */
  restore(x: Tensor): Tensor;
}

/** Axes of [N, rows, rows within, columns, columns within, C] that make a token, then the others. */
const ORDERS = { block: [2, 4, 0, 1, 3, 5], grid: [1, 3, 0, 2, 4, 5] } as const;

/**
 * Orders positions by token (§3.2 of the paper). A block is side × side neighbours; a grid has side × side cells, and the
 * positions at the same place of every cell mix.
 * @param rows [N·H·W, C]
 * @param picture [N, H, W, C], of which only the shape is used; H and W multiples of side
 */
export function partition(rows: Tensor, picture: Tensor, { kind, side }: Tokens): Partition {
  const sizes = kind === 'block' ? [-1, side] : [side, -1];
  const order = ORDERS[kind];
  const ordered = transpose(reshapeLike(rows, picture, { 1: sizes, 2: sizes }), order);
  const back = order.map((_, axis) => order.indexOf(axis as 0));
  return { ordered, restore: (x) => rowsOf(transpose(reshapeLike(x, ordered), back)) };
}
