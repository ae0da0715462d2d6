import { known } from '../graph/node.js';
import { constant, type Tensor } from '../graph/tensor.js';
import { type Conv2dAttributes, conv2d } from './conv2d.js';
import { reshape } from './reshape.js';

/**
 * The windows of a picture as columns (im2col; PyTorch's `unfold`): a convolution whose every kernel picks one pixel.
 * @param x [N, C, H, W], C known
 * @returns [N, C·kernel², L], one column per window, in reading order
 * @throws ShapeError as {@link conv2d}
 */
export function unfold(x: Tensor, kernel: number, attributes: Partial<Omit<Conv2dAttributes, 'groups'>> = {}): Tensor {
  const channels = known(x.shape[1]!, 'unfold: the number of channels');
  const taps = kernel * kernel;
  const pick = new Float32Array(channels * taps * taps);
  for (let row = 0; row < channels * taps; row++) pick[row * taps + (row % taps)] = 1;
  const kernels = constant(pick, [channels * taps, 1, kernel, kernel]);
  return reshape(conv2d(x, kernels, undefined, { ...attributes, groups: channels }), [0, 0, -1]);
}
