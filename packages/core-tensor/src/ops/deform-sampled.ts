import { constant, type Tensor } from '../graph/tensor.js';
import { add } from './add.js';
import { clamp } from './clamp.js';
import { greater } from './compare.js';
import { countOf } from './count-of.js';
import type { DeformConv2dAttributes } from './deform-conv2d.js';
import { floor } from './floor.js';
import { indexSelect } from './index-select.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { positions } from './positions.js';
import { reshape, reshapeLike } from './reshape.js';
import { slice } from './slice.js';
import { sub } from './sub.js';
import { toInt64 } from './to-int64.js';
import { transpose } from './transpose.js';

const TO_NHWC = [0, 2, 3, 1];
const TO_NCHW = [0, 3, 1, 2];

/**
 * Deformable convolution as gathered pixels and a matrix product per group; see deform-conv2d.ts for the arguments.
 * Inside, tensors are [N, H', W', taps], so that a row of the product is one place with all its taps and channels.
 */
export function deformSampled(
  x: Tensor,
  weight: Tensor,
  offset: Tensor,
  mask: Tensor,
  bias: Tensor | undefined,
  attributes: DeformConv2dAttributes,
): Tensor {
  const [out, channels, kh, kw] = weight.shape as [number, number, number, number];
  const taps = kh * kw;
  const groups = Number(mask.shape[1]) / taps;
  const perGroup = channels / groups;
  let rows: Tensor | undefined;
  for (let group = 0; group < groups; group++) {
    const of = (tensor: Tensor, each: number) => slice(tensor, 1, group * each, (group + 1) * each);
    const shifts = reshape(transpose(of(offset, 2 * taps), TO_NHWC), [0, 0, 0, taps, 2]);
    const shift = (which: 0 | 1) => reshape(slice(shifts, 4, which, which + 1), [0, 0, 0, taps]);
    const y = add(shift(0), grid(offset, 2, kh, kw, attributes));
    const along = add(shift(1), grid(offset, 3, kh, kw, attributes));
    const picked = sample(of(x, perGroup), y, along);
    const modulated = mul(picked, reshape(transpose(of(mask, taps), TO_NHWC), [-1, 1]));
    const kernel = reshape(transpose(of(weight, perGroup), [2, 3, 1, 0]), [taps * perGroup, out]);
    const product = matmul(reshape(modulated, [-1, taps * perGroup]), kernel);
    rows = rows === undefined ? product : add(rows, product);
  }
  // Only the shape of `like` is used: [N, H', W', out].
  const like = mul(slice(transpose(mask, TO_NHWC), 3, 0, 1), constant(new Float32Array(out), [1, 1, 1, out]));
  const result = transpose(reshapeLike(rows!, like), TO_NCHW);
  return bias === undefined ? result : add(result, reshape(bias, [1, -1, 1, 1]));
}

/** Positions of the taps before shifting, along height (axis 2) or width (axis 3); broadcasts to [N, H', W', taps]. */
function grid(like: Tensor, axis: 2 | 3, kh: number, kw: number, attributes: DeformConv2dAttributes): Tensor {
  const { stride, dilation, padding } = attributes;
  const start = axis === 2 ? padding.top : padding.left;
  const tap = Float32Array.from(
    { length: kh * kw },
    (_, i) => (axis === 2 ? Math.floor(i / kw) : i % kw) * dilation - start,
  );
  const places = reshape(mul(positions(like, axis), stride), axis === 2 ? [1, -1, 1, 1] : [1, 1, -1, 1]);
  return add(places, constant(tap, [1, 1, 1, kh * kw]));
}

/** Samples x [N, C, H, W] bilinearly at (y, along) [N, H', W', taps], zero outside: [N·H'·W'·taps, C]. */
function sample(x: Tensor, y: Tensor, along: Tensor): Tensor {
  const flat = reshape(transpose(x, TO_NHWC), [-1, Number(x.shape[1])]);
  const [height, width] = [countOf(x, [2]), countOf(x, [3])];
  const picture = mul(toInt64(positions(x, 0)), mul(toInt64(height), toInt64(width)));
  const first = reshape(picture, [-1, 1, 1, 1]);
  const [top, left] = [floor(y), floor(along)];
  const [down, right] = [sub(y, top), sub(along, left)];
  let total: Tensor | undefined;
  for (const [dy, dx] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    const [row, column] = [add(top, dy), add(left, dx)];
    const share = mul(dy === 0 ? sub(1, down) : down, dx === 0 ? sub(1, right) : right);
    const seen = mul(mul(share, within(row, height)), within(column, width));
    const [r, c] = [inside(row, height), inside(column, width)];
    const place = add(add(mul(toInt64(r), toInt64(width)), toInt64(c)), first);
    const part = mul(indexSelect(flat, 0, reshape(place, [-1])), reshape(seen, [-1, 1]));
    total = total === undefined ? part : add(total, part);
  }
  return total!;
}

/** 1 where an integer position lies in 0 … size − 1, else 0. */
function within(place: Tensor, size: Tensor): Tensor {
  return mul(greater(place, -0.5), greater(size, add(place, 0.5)));
}

/** Nearest position in 0 … size − 1. */
function inside(place: Tensor, size: Tensor): Tensor {
  const least = clamp(place, 0, Number.POSITIVE_INFINITY);
  const last = sub(size, 1);
  const beyond = clamp(sub(least, last), 0, Number.POSITIVE_INFINITY);
  return sub(least, beyond);
}
