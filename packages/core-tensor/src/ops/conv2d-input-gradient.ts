import { applyOne, known, type Op } from '../graph/node.js';
import type { OnnxTarget } from '../graph/onnx-target.js';
import type { Tensor } from '../graph/tensor.js';
import type { Conv2dAttributes } from './conv2d.js';
import { convNode, onnxConv } from './onnx-conv.js';
import type { Padding } from './reflect-pad2d.js';

const op: Op<Conv2dAttributes> = {
  name: 'conv2dInputGradient',
  infer: (inputs) => [{ shape: inputs[2]!.shape, dtype: inputs[2]!.dtype }],
  receptiveField: 'whole',
  onnx(target, inputs, attributes, node) {
    const weight = node.inputs[1]!;
    const [out, perGroup, kh, kw] = weight.shape as [number, number, number, number];
    const full = mirroredPadding(attributes, kh, kw);
    // A convolution with the rotated kernel runs faster than ConvTranspose. It needs stride 1, and either one group (a
    // Transpose swaps the kernel's channel axes) or one channel per group (nothing to swap).
    const depthwise = perGroup === 1 && out === attributes.groups;
    if (attributes.stride === 1 && full !== undefined && (attributes.groups === 1 || depthwise)) {
      const turned = turn(target, inputs[1]!, [out, perGroup, kh, kw], !depthwise);
      const shape = depthwise ? [out, perGroup, kh, kw] : [perGroup, out, kh, kw];
      return [convNode(target, [inputs[0]!, turned], { ...attributes, padding: full }, shape)];
    }
    const { groups, dilation } = attributes;
    const moves = transposed(attributes, node.inputs);
    const several = perGroup === 1 && out !== groups;
    if (groups === 1 || (dilation === 1 && !several)) return [target.node('ConvTranspose', inputs.slice(0, 2), moves)];
    // WebGPU's ConvTranspose is wrong with both groups and dilation, and with several kernels per channel.
    const part = (name: string, axis: number, group: number) => {
      const [from, to] = [(group * out) / groups, ((group + 1) * out) / groups];
      return target.node('Slice', [name, target.ints([from]), target.ints([to]), target.ints([axis])]);
    };
    const parts = Array.from({ length: groups }, (_, group) =>
      target.node('ConvTranspose', [part(inputs[0]!, 1, group), part(inputs[1]!, 0, group)], { ...moves, group: 1 }),
    );
    return [target.node('Concat', parts, { axis: 1 })];
  },
};

/**
 * Gradient of {@link conv2d} with respect to its input.
 * @param dy [N, O, H', W']
 * @param weight [O, C/groups, kh, kw]
 * @param x the convolution's input (only its shape is used)
 */
export function conv2dInputGradient(dy: Tensor, weight: Tensor, x: Tensor, attributes: Conv2dAttributes): Tensor {
  return applyOne(op, [dy, weight, x], attributes);
}

/** Padding with which the rotated kernel visits every place; undefined if it would be negative. */
function mirroredPadding({ padding, dilation }: Conv2dAttributes, kh: number, kw: number): Padding | undefined {
  const rows = dilation * (kh - 1);
  const columns = dilation * (kw - 1);
  const full = {
    top: rows - padding.top,
    left: columns - padding.left,
    bottom: rows - padding.bottom,
    right: columns - padding.right,
  };
  return Math.min(full.top, full.left, full.bottom, full.right) < 0 ? undefined : full;
}

/**
 * Rotates a kernel by 180° and, on `exchange`, swaps its channel axes (not if depthwise). Its pixels are gathered
 * backwards because WebGPU's Slice is wrong with negative steps.
 */
function turn(
  target: OnnxTarget,
  weight: string,
  [out, perGroup, kh, kw]: readonly number[],
  exchange: boolean,
): string {
  const flat = target.node('Reshape', [weight, target.ints([out!, perGroup!, -1])]);
  const backwards = Array.from({ length: kh! * kw! }, (_, i) => kh! * kw! - 1 - i);
  const turned = target.node('Gather', [flat, target.ints(backwards)], { axis: 2 });
  const kernel = target.node('Reshape', [turned, target.ints([out!, perGroup!, kh!, kw!])]);
  return exchange ? target.node('Transpose', [kernel], { perm: [1, 0, 2, 3] }) : kernel;
}

/** ConvTranspose's attributes; output_padding restores the rows and columns that a stride skipped. */
function transposed(attributes: Conv2dAttributes, [, weight, x]: readonly Tensor[]) {
  const { padding, stride, dilation } = attributes;
  const missed = (axis: 2 | 3, pads: number) => {
    const extent = dilation * (Number(weight!.shape[axis]) - 1) + 1;
    const size =
      stride === 1 ? extent - pads : known(x!.shape[axis]!, 'the size of a picture under a strided convolution');
    return (size + pads - extent) % stride;
  };
  return {
    ...onnxConv(attributes, weight!.shape),
    output_padding: [missed(2, padding.top + padding.bottom), missed(3, padding.left + padding.right)],
  };
}
