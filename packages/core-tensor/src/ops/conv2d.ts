import { mayEqual, slide } from '../graph/dim.js';
import { applyOne, expectRank, known, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { conv2dInputGradient } from './conv2d-input-gradient.js';
import { conv2dWeightGradient } from './conv2d-weight-gradient.js';
import { convNode } from './onnx-conv.js';
import { kernelOf, slidingWindow } from './receptive-fields.js';
import type { Padding } from './reflect-pad2d.js';
import { reshapeLike } from './reshape.js';
import { sum } from './sum.js';
import { tfjsConv2d } from './tfjs-conv2d.js';

/** Stride, dilation, groups and padding of a convolution. */
export interface Conv2dAttributes {
  /** Step between outputs, in pixels, both ways. */
  readonly stride: number;
  /** Distance between the kernel's taps, in pixels, both ways. */
  readonly dilation: number;
  readonly groups: number;
  /** Zeros added at each side. */
  readonly padding: Padding;
}

const op: Op<Conv2dAttributes> = {
  name: 'conv2d',
  infer(inputs, attributes) {
    const [x, weight, bias] = inputs as [Tensor, Tensor, Tensor?];
    expectRank(x, 4, 'the input');
    expectRank(weight, 4, 'the weight');
    const { groups, padding, stride, dilation } = attributes;
    const [out, perGroup, kh, kw] = weight.shape.map((size) => known(size, 'the size of a weight')) as number[];
    if (!mayEqual(x.shape[1]!, perGroup! * groups))
      throw new ShapeError(`the input has ${x.shape[1]} channels, the weight is for ${perGroup! * groups}`);
    if (out! % groups !== 0) throw new ShapeError(`${out} output channels do not divide into ${groups} groups`);
    if (bias !== undefined && (bias.rank !== 1 || bias.shape[0] !== out))
      throw new ShapeError(`the bias must have ${out} elements`);
    const height = slide(x.shape[2]!, padding.top + padding.bottom, dilation * (kh! - 1) + 1, stride);
    const width = slide(x.shape[3]!, padding.left + padding.right, dilation * (kw! - 1) + 1, stride);
    if (Math.min(Number(height), Number(width)) < 1)
      throw new ShapeError(`a kernel of ${kh}×${kw} with dilation ${dilation} is larger than the padded picture`);
    return [{ shape: [x.shape[0]!, out!, height, width], dtype: x.dtype }];
  },
  receptiveField: (attributes, { inputs }) => [slidingWindow(kernelOf(inputs[1]!), attributes), 'whole', 'whole'],
  gradient({ inputs, attributes, upstream, needed }) {
    const [x, weight, bias] = inputs as [Tensor, Tensor, Tensor?];
    const dy = upstream[0]!;
    return [
      needed[0] ? conv2dInputGradient(dy, weight, x, attributes) : undefined,
      needed[1] ? conv2dWeightGradient(dy, x, weight, attributes) : undefined,
      bias && needed[2] ? reshapeLike(sum(dy, [0, 2, 3]), bias) : undefined,
    ];
  },
  onnx: (target, inputs, attributes, node) => [convNode(target, inputs, attributes, node.inputs[1]!.shape as number[])],
  tfjs: (tf, inputs, attributes) => [tfjsConv2d(tf, inputs, attributes)],
};

/**
 * 2-D cross-correlation, as every framework's "convolution".
 * @param x [N, C, H, W]
 * @param weight [O, C/groups, kh, kw]
 * @param bias [O]
 * @returns [N, O, H', W'], H' = ⌊(H + top + bottom − dilation·(kh − 1) − 1)/stride⌋ + 1
 * @throws ShapeError when channels, groups or sizes do not fit
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  attributes: Partial<Conv2dAttributes> = {},
): Tensor {
  const { stride = 1, dilation = 1, groups = 1, padding = square(0) } = attributes;
  return applyOne(op, bias ? [x, weight, bias] : [x, weight], { stride, dilation, groups, padding });
}

/** Padding of `pixels` at all four sides. */
export function square(pixels: number): Padding {
  return { top: pixels, left: pixels, bottom: pixels, right: pixels };
}
