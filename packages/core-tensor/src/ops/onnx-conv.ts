import type { Shape } from '../graph/dim.js';
import type { OnnxAttribute, OnnxTarget } from '../graph/onnx-target.js';
import type { Conv2dAttributes } from './conv2d.js';

/** ONNX attributes of a convolution: explicit pads, never auto_pad. */
export function onnxConv(
  { stride, dilation, groups, padding }: Conv2dAttributes,
  weight: Shape,
): Record<string, OnnxAttribute> {
  return {
    kernel_shape: [Number(weight[2]), Number(weight[3])],
    strides: [stride, stride],
    dilations: [dilation, dilation],
    group: groups,
    pads: [padding.top, padding.left, padding.bottom, padding.right],
  };
}

/**
 * Adds a Conv node and returns its result's name. WebGPU's Conv (onnxruntime 1.30) is wrong if the input channels are a
 * multiple of 3 above 3, but not of 4, and the output channels are a multiple of 4. In that case zero channels pad the
 * input channels to a multiple of 4.
 * @param inputs names of x, weight and perhaps bias
 * @param weight shape of the weight
 */
export function convNode(
  target: OnnxTarget,
  inputs: readonly string[],
  attributes: Conv2dAttributes,
  weight: readonly number[],
): string {
  const [out, channels] = weight as [number, number];
  const faulty = channels % 3 === 0 && channels % 4 !== 0 && channels > 3 && out % 4 === 0;
  if (target.device !== 'webgpu' || attributes.groups !== 1 || !faulty)
    return target.node('Conv', inputs, onnxConv(attributes, weight));
  const extra = 4 - (channels % 4);
  const filled = inputs
    .slice(0, 2)
    .map((name) => target.node('Pad', [name, target.ints([0, 0, 0, 0, 0, extra, 0, 0])]));
  return target.node('Conv', [...filled, ...inputs.slice(2)], onnxConv(attributes, weight));
}
