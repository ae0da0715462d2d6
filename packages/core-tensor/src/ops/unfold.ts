import { known } from '../graph/node.js';
import { constant, type Tensor } from '../graph/tensor.js';
import { type Conv2dAttributes, conv2d } from './conv2d.js';
import { reshape } from './reshape.js';

/** Stride, dilation and padding of windows over a picture. */
export type WindowAttributes = Partial<Omit<Conv2dAttributes, 'groups'>>;

/**
 * The windows of a picture as columns (im2col; PyTorch's `unfold`).
 * @param x [N, C, H, W], C known
 * @returns [N, C·kernel², L], one column per window, in reading order
 * @throws ShapeError as {@link conv2d}
 */
export function unfold(x: Tensor, kernel: number, attributes: WindowAttributes = {}): Tensor {
  return reshape(windows(x, [kernel, kernel], attributes), [0, 0, -1]);
}

/** Height and width of a window. */
export type Kernel = readonly [number, number];

/** Windows as in {@link unfold}, but kept in their places: [N, C·kh·kw, H', W']. */
export function windows(x: Tensor, kernel: Kernel, attributes: WindowAttributes): Tensor {
  const channels = known(x.shape[1]!, 'unfold: the number of channels');
  return reshape(windowsOfPlanes(planes(x), kernel, attributes), [-1, channels * kernel[0] * kernel[1], 0, 0]);
}

/** Channels as separate pictures, [N·C, 1, H, W]: WebGPU's convolution of many groups is wrong, so none is used. */
export function planes(x: Tensor): Tensor {
  return reshape(x, [-1, 1, 0, 0]);
}

/** The windows of pictures of one channel, [M, kh·kw, H', W']: a convolution whose every kernel picks one pixel. */
export function windowsOfPlanes(x: Tensor, kernel: Kernel, attributes: WindowAttributes): Tensor {
  return conv2d(x, pickKernels(kernel), undefined, attributes);
}

/** Kernels [kh·kw, 1, kh, kw], each of which picks one pixel of a window. */
export function pickKernels([kh, kw]: Kernel): Tensor {
  const taps = kh * kw;
  const pick = new Float32Array(taps * taps);
  for (let tap = 0; tap < taps; tap++) pick[tap * taps + tap] = 1;
  return constant(pick, [taps, 1, kh, kw]);
}
