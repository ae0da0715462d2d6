import { mayEqual, slide } from '../graph/dim.js';
import { applyOne, expectRank, known, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { type Conv2dAttributes, square } from './conv2d.js';
import { deformSampled } from './deform-sampled.js';
import { onnxConv } from './onnx-conv.js';

/** Stride, dilation and padding of a deformable convolution; its channels are not grouped. */
export type DeformConv2dAttributes = Omit<Conv2dAttributes, 'groups'>;

const op: Op<DeformConv2dAttributes> = {
  name: 'deformConv2d',
  infer(inputs, { stride, dilation, padding }) {
    const [x, weight, offset, mask, bias] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor?];
    for (const [what, tensor] of Object.entries({ input: x, weight, offset, mask }))
      expectRank(tensor, 4, `the ${what}`);
    const [out, channels, kh, kw] = weight.shape.map((size) => known(size, 'the size of a weight')) as number[];
    if (!mayEqual(x.shape[1]!, channels!))
      throw new ShapeError(`the input has ${x.shape[1]} channels, the weight is for ${channels}`);
    const taps = kh! * kw!;
    const offsets = known(offset.shape[1]!, 'the number of offsets');
    const groups = offsets / (2 * taps);
    if (!Number.isInteger(groups) || channels! % groups !== 0)
      throw new ShapeError(`${offsets} offset channels are not 2·${taps} for each group of ${channels} channels`);
    if (!mayEqual(mask.shape[1]!, groups * taps))
      throw new ShapeError(`the mask must have ${groups * taps} channels, got ${mask.shape[1]}`);
    if (bias !== undefined && (bias.rank !== 1 || bias.shape[0] !== out))
      throw new ShapeError(`the bias must have ${out} elements`);
    const height = slide(x.shape[2]!, padding.top + padding.bottom, dilation * (kh! - 1) + 1, stride);
    const width = slide(x.shape[3]!, padding.left + padding.right, dilation * (kw! - 1) + 1, stride);
    for (const [what, tensor] of [
      ['offset', offset],
      ['mask', mask],
    ] as const)
      if (!mayEqual(tensor.shape[2]!, height) || !mayEqual(tensor.shape[3]!, width))
        throw new ShapeError(`the ${what} must be ${height}×${width}, got ${tensor.shape[2]}×${tensor.shape[3]}`);
    return [{ shape: [x.shape[0]!, out!, height, width], dtype: x.dtype }];
  },
  // The offsets, which depend on the picture, can move a tap to any place.
  receptiveField: ['whole', 'whole', 'pointwise', 'pointwise', 'whole'],
  // WebGPU and CUDA leave DeformConv to the CPU, at the price of copies.
  faultyOn: ['webgpu', 'cuda'],
  decompose: ([x, weight, offset, mask, bias], attributes) => [
    deformSampled(x!, weight!, offset!, mask!, bias, attributes),
  ],
  onnx(target, [x, weight, offset, mask, bias = ''], attributes, node) {
    const { group: _, ...moves } = onnxConv({ ...attributes, groups: 1 }, node.inputs[1]!.shape);
    const [, , kh, kw] = node.inputs[1]!.shape as number[];
    const groups = Number(node.inputs[2]!.shape[1]) / (2 * kh! * kw!);
    return [target.node('DeformConv', [x!, weight!, offset!, bias, mask!], { ...moves, offset_group: groups })];
  },
};

/**
 * Modulated deformable convolution, DCNv2 (torchvision's `deform_conv2d`): every tap is moved by an offset, read
 * between pixels bilinearly (zero outside of the picture), and weighted by its mask.
 * @param x [N, C, H, W]
 * @param weight [O, C, kh, kw]
 * @param offset [N, 2·groups·kh·kw, H', W'], per tap first the vertical then the horizontal shift, in pixels
 * @param mask [N, groups·kh·kw, H', W']
 * @param bias [O]
 * @returns [N, O, H', W']
 * @throws ShapeError when channels or sizes do not fit
 */
export function deformConv2d(
  x: Tensor,
  weight: Tensor,
  offset: Tensor,
  mask: Tensor,
  bias: Tensor | undefined,
  attributes: Partial<DeformConv2dAttributes> = {},
): Tensor {
  const { stride = 1, dilation = 1, padding = square(0) } = attributes;
  const inputs = [x, weight, offset, mask, ...(bias ? [bias] : [])];
  return applyOne(op, inputs, { stride, dilation, padding });
}
