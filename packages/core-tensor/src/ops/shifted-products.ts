import type { Tensor } from '../graph/tensor.js';
import { concat } from './concat.js';
import type { Conv2dAttributes } from './conv2d.js';
import { matmul } from './matmul.js';
import { pad } from './pad.js';
import { widthsOf } from './pad-shape.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';
import { sum } from './sum.js';
import { transpose } from './transpose.js';

/**
 * The gradient of a convolution's weight (stride 1, one group) as products of shifted pictures. Rows are shifted in x,
 * columns in dy; both are widened to one width, so that every tap (i, j) is a product of two flat pictures:
 * dW[·, ·, i, j] = Σₙ dyⱼ[n]·xᵢ[n]ᵀ. This copies x and dy once per row and column of the kernel, not once per tap.
 * @param stacked true to stack all shifts into one large product, false for one product per tap
 */
export function shiftedProducts(
  dy: Tensor,
  x: Tensor,
  weight: Tensor,
  { dilation, padding: { top, left, bottom, right } }: Conv2dAttributes,
  stacked: boolean,
): Tensor {
  const [out, channels, kh, kw] = weight.shape as [number, number, number, number];
  const extra = dilation * (kw - 1);
  const padded = widened(x, top, left, bottom, right);
  const below = -dilation * (kh - 1);
  const rows = places(kh).map((i) => {
    const [start, end] = [i * dilation, below + i * dilation];
    return flat(kh === 1 ? padded : slice(padded, 2, start, end === 0 ? undefined : end));
  });
  const columns = places(kw).map((j) => flat(widened(dy, 0, j * dilation, 0, extra - j * dilation)));
  const product = (a: Tensor, b: Tensor) => sum(matmul(a, transpose(b, [0, 2, 1])), [0]);
  if (stacked) {
    const all = product(joined(columns, 1), joined(rows, 1));
    return transpose(reshape(all, [kw, out, kh, channels]), [1, 3, 2, 0]);
  }
  const taps = columns.flatMap((column) => rows.map((row) => product(column, row)));
  return transpose(reshape(joined(taps, 0), [kw, kh, out, channels]), [2, 3, 1, 0]);
}

/**
 * The weight gradient of a depthwise convolution (as many groups as channels, stride 1), channel by channel:
 * dW[c, i, j] = Σₙ dyⱼ[n, c]·xᵢ[n, c]ᵀ, as one batched product of the stacked shifts.
 */
export function depthwiseProducts(
  dy: Tensor,
  x: Tensor,
  weight: Tensor,
  { dilation, padding: { top, left, bottom, right } }: Conv2dAttributes,
): Tensor {
  const [, , kh, kw] = weight.shape as [number, number, number, number];
  const extra = dilation * (kw - 1);
  const padded = widened(x, top, left, bottom, right);
  const below = -dilation * (kh - 1);
  const line = (picture: Tensor) => reshape(picture, [0, 0, 1, -1]);
  const rows = places(kh).map((i) => {
    const [start, end] = [i * dilation, below + i * dilation];
    return line(kh === 1 ? padded : slice(padded, 2, start, end === 0 ? undefined : end));
  });
  const columns = places(kw).map((j) => line(widened(dy, 0, j * dilation, 0, extra - j * dilation)));
  const products = matmul(joined(rows, 2), transpose(joined(columns, 2), [0, 1, 3, 2]));
  return transpose(sum(products, [0]), [1, 0, 2, 3]);
}

const places = (count: number) => Array.from({ length: count }, (_, i) => i);
const flat = (x: Tensor) => reshape(x, [0, 0, -1]);
const joined = (parts: readonly Tensor[], axis: number) => (parts.length === 1 ? parts[0]! : concat(parts, axis));

function widened(x: Tensor, top: number, left: number, bottom: number, right: number): Tensor {
  if (top + left + bottom + right === 0) return x;
  return pad(x, widthsOf({ top, left, bottom, right }));
}
