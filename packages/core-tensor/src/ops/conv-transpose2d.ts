import { type Dim, grow, mayEqual } from '../graph/dim.js';
import { applyOne, expectRank, known, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { add } from './add.js';
import { concat } from './concat.js';
import { type Conv2dAttributes, conv2d, square } from './conv2d.js';
import { conv2dWeightGradient } from './conv2d-weight-gradient.js';
import { onnxConv } from './onnx-conv.js';
import { kernelOf } from './receptive-fields.js';
import { reshape, reshapeLike } from './reshape.js';
import { split } from './slice.js';
import { sum } from './sum.js';
import { part, spread } from './tfjs-conv2d.js';

/** Stride, dilation, groups and padding of a transposed convolution. */
export interface ConvTranspose2dAttributes extends Conv2dAttributes {
  /** Rows and columns added at the bottom and at the right, fewer than the stride. */
  readonly outputPadding: readonly [number, number];
}

const op: Op<ConvTranspose2dAttributes> = {
  name: 'convTranspose2d',
  infer(inputs, { groups, padding, stride, dilation, outputPadding }) {
    const [x, weight, bias] = inputs as [Tensor, Tensor, Tensor?];
    expectRank(x, 4, 'the input');
    expectRank(weight, 4, 'the weight');
    const [from, perGroup, kh, kw] = weight.shape.map((size) => known(size, 'the size of a weight')) as number[];
    if (!mayEqual(x.shape[1]!, from!))
      throw new ShapeError(`the input has ${x.shape[1]} channels, the weight is for ${from}`);
    if (from! % groups !== 0) throw new ShapeError(`${from} input channels do not divide into ${groups} groups`);
    const out = perGroup! * groups;
    if (bias !== undefined && (bias.rank !== 1 || bias.shape[0] !== out))
      throw new ShapeError(`the bias must have ${out} elements`);
    if (Math.max(...outputPadding) >= Math.max(stride, dilation))
      throw new ShapeError(`an output padding of ${Math.max(...outputPadding)} is not below the stride ${stride}`);
    const size = (dim: Dim, pads: number, kernel: number, extra: number) =>
      grow(times(grow(dim, -1), stride), dilation * (kernel - 1) + 1 + extra - pads);
    const height = size(x.shape[2]!, padding.top + padding.bottom, kh!, outputPadding[0]);
    const width = size(x.shape[3]!, padding.left + padding.right, kw!, outputPadding[1]);
    if (Math.min(Number(height), Number(width)) < 1) throw new ShapeError('the padding removes the whole picture');
    return [{ shape: [x.shape[0]!, out, height, width], dtype: x.dtype }];
  },
  receptiveField({ stride, dilation, padding: { top, left } }, { inputs }) {
    const [rows, columns] = kernelOf(inputs[1]!);
    const before = Math.max(dilation * (rows - 1) - top, dilation * (columns - 1) - left);
    return [{ scale: 1 / stride, back: before / stride, ahead: Math.max(top, left) / stride }, 'whole', 'whole'];
  },
  gradient({ inputs, attributes, upstream, needed }) {
    const [x, weight, bias] = inputs as [Tensor, Tensor, Tensor?];
    const dy = upstream[0]!;
    return [
      needed[0] ? conv2d(dy, weight, undefined, attributes) : undefined,
      needed[1] ? conv2dWeightGradient(x, dy, weight, attributes) : undefined,
      bias && needed[2] ? reshapeLike(sum(dy, [0, 2, 3]), bias) : undefined,
    ];
  },
  onnx: (target, inputs, attributes, node) => [
    target.node('ConvTranspose', inputs, {
      ...onnxConv(attributes, node.inputs[1]!.shape),
      output_padding: attributes.outputPadding,
    }),
  ],
  tfjs(tf, [x, weight, bias], { stride, dilation, groups, padding, outputPadding }) {
    const kernel = spread(tf, weight!, dilation);
    const [n, from, height, width] = x!.shape as [number, number, number, number];
    const [perGroup, kh, kw] = kernel.shape.slice(1) as [number, number, number];
    const full = [n, (height - 1) * stride + kh, (width - 1) * stride + kw, perGroup];
    const parts = Array.from({ length: groups }, (_, group) => {
      const channels = part(tf, x!, 1, (group * from) / groups, from / groups);
      const filters = part(tf, kernel, 0, (group * from) / groups, from / groups);
      const nhwc = tf.transpose(channels, [0, 2, 3, 1]);
      return tf.conv2dTranspose(nhwc, tf.transpose(filters, [2, 3, 1, 0]), full, stride, 'valid');
    });
    // Output padding that the padding does not cover extends the full picture with zeros.
    const [extraRows, extraColumns] = outputPadding;
    const grown = tf.pad(tf.transpose(tf.concat(parts, 3), [0, 3, 1, 2]), [
      [0, 0],
      [0, 0],
      [0, extraRows],
      [0, extraColumns],
    ]);
    const rows = full[1]! + extraRows - padding.top - padding.bottom;
    const columns = full[2]! + extraColumns - padding.left - padding.right;
    const y = part(tf, part(tf, grown, 2, padding.top, rows), 3, padding.left, columns);
    return [bias === undefined ? y : tf.add(y, tf.reshape(bias, [1, -1, 1, 1]))];
  },
};

/**
 * Transposed convolution (PyTorch's `conv_transpose2d`): the gradient of a convolution, used to enlarge.
 * @param x [N, C, H, W]
 * @param weight [C, O/groups, kh, kw]
 * @param bias [O]
 * @returns [N, O, H', W'], H' = (H − 1)·stride − top − bottom + dilation·(kh − 1) + 1 + outputPadding
 * @throws ShapeError when channels, groups or sizes do not fit
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  attributes: Partial<ConvTranspose2dAttributes> = {},
): Tensor {
  const { stride = 1, dilation = 1, groups = 1, padding = square(0), outputPadding = [0, 0] } = attributes;
  const all = { stride, dilation, groups, padding, outputPadding };
  if (groups === 1 || dilation === 1) return applyOne(op, bias ? [x, weight, bias] : [x, weight], all);
  // WebGPU's transposed convolution is wrong with groups and dilation: run groups one by one, as speed is no issue.
  const [xs, weights] = [split(x, 1, groups), split(weight, 0, groups)];
  const y = concat(
    xs.map((part, i) => applyOne(op, [part, weights[i]!], { ...all, groups: 1 })),
    1,
  );
  return bias ? add(y, reshape(bias, [1, -1, 1, 1])) : y;
}

function times(size: Dim, by: number): Dim {
  if (typeof size === 'number') return size * by;
  return by === 1 ? size : `(${size})*${by}`;
}
