import { applyOne, type Op } from '../graph/node.js';
import type { OnnxTarget } from '../graph/onnx-target.js';
import type { Tensor } from '../graph/tensor.js';
import { concat } from './concat.js';
import type { Conv2dAttributes } from './conv2d.js';
import { matmul } from './matmul.js';
import { reshape, reshapeLike } from './reshape.js';
import { shiftedProducts } from './shifted-products.js';
import { slice } from './slice.js';
import { sum } from './sum.js';
import { transpose } from './transpose.js';
import { windows } from './unfold.js';

const op: Op<Conv2dAttributes> = {
  name: 'conv2dWeightGradient',
  infer: (inputs) => [{ shape: inputs[2]!.shape, dtype: inputs[2]!.dtype }],
  receptiveField: 'whole',
  // WebGPU's convolution is wrong for some numbers of input channels; here the batch would be its input channels.
  faultyOn: ['webgpu'],
  decompose: ([dy, x, weight], attributes) => [
    attributes.stride === 1 && attributes.groups === 1
      ? shiftedProducts(dy!, x!, weight!, attributes, true)
      : throughWindows(dy!, x!, weight!, attributes),
  ],
  onnx(target, inputs, attributes, node) {
    const [dy, x] = inputs as [string, string];
    const { groups } = attributes;
    const weight = node.inputs[2]!.shape as [number, number, number, number];
    if (groups === 1) return [correlate(target, dy, x, attributes, weight)];
    const parts = Array.from({ length: groups }, (_, group) =>
      correlate(
        target,
        channels(target, dy, group, weight[0] / groups),
        channels(target, x, group, weight[1]),
        attributes,
        weight,
      ),
    );
    return [target.node('Concat', parts, { axis: 0 })];
  },
};

/**
 * Gradient of {@link conv2d} with respect to its weight.
 * @param dy [N, O, H', W']
 * @param x [N, C, H, W]
 * @param weight [O, C/groups, kh, kw] (only its shape is used)
 */
export function conv2dWeightGradient(dy: Tensor, x: Tensor, weight: Tensor, attributes: Conv2dAttributes): Tensor {
  return applyOne(op, [dy, x, weight], attributes);
}

/**
 * Correlates the input with the output's gradient: a convolution whose batch is the input's channels, whose kernel is
 * the gradient, and whose stride and dilation are swapped.
 */
function correlate(
  target: OnnxTarget,
  dy: string,
  x: string,
  { stride, dilation, padding }: Conv2dAttributes,
  [, , kh, kw]: readonly [number, number, number, number],
): string {
  const swapped = [x, dy].map((name) => target.node('Transpose', [name], { perm: [1, 0, 2, 3] }));
  const correlation = target.node('Conv', swapped, {
    strides: [dilation, dilation],
    dilations: [stride, stride],
    pads: [padding.top, padding.left, padding.bottom, padding.right],
  });
  // Rows and columns that a stride left unused come out as taps beyond the kernel; these are cut off.
  const taps = target.node('Slice', [correlation, target.ints([0, 0]), target.ints([kh, kw]), target.ints([2, 3])]);
  return target.node('Transpose', [taps], { perm: [1, 0, 2, 3] });
}

function channels(target: OnnxTarget, x: string, group: number, count: number): string {
  return target.node('Slice', [x, target.ints([group * count]), target.ints([(group + 1) * count]), target.ints([1])]);
}

/** Computes the gradient as a product of dy with the input's windows, for devices with faulty convolutions. */
function throughWindows(dy: Tensor, x: Tensor, weight: Tensor, attributes: Conv2dAttributes): Tensor {
  const { groups, ...moves } = attributes;
  const [out, perGroup, kh, kw] = weight.shape as [number, number, number, number];
  const part = (tensor: Tensor, group: number, each: number) =>
    groups === 1 ? tensor : slice(tensor, 1, group * each, (group + 1) * each);
  const parts = Array.from({ length: groups }, (_, group) => {
    // Rows and columns that a stride left unused are in no window either.
    const columns = reshape(windows(part(x, group, perGroup), [kh, kw], moves), [0, 0, -1]);
    const rows = reshape(part(dy, group, out / groups), [0, 0, -1]);
    return sum(matmul(rows, transpose(columns, [0, 2, 1])), [0]);
  });
  return reshapeLike(groups === 1 ? parts[0]! : concat(parts, 1), weight);
}
