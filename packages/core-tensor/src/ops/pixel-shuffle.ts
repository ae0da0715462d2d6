import type { Dim } from '../graph/dim.js';
import { applyOne, expectRank, known, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { slidingWindow } from './receptive-fields.js';
import { windows } from './unfold.js';

interface Attributes {
  readonly factor: number;
}

const shuffleOp: Op<Attributes> = {
  name: 'pixelShuffle',
  infer([x], { factor }) {
    expectRank(x!, 4, 'the input');
    const [n, , height, width] = x!.shape as [Dim, Dim, Dim, Dim];
    const channels = known(x!.shape[1]!, 'the number of channels');
    if (channels % (factor * factor) !== 0)
      throw new ShapeError(`${channels} channels do not divide by ${factor}·${factor}`);
    const larger = (size: Dim) => (typeof size === 'number' ? size * factor : `(${size})*${factor}`);
    return [{ shape: [n, channels / (factor * factor), larger(height), larger(width)], dtype: x!.dtype }];
  },
  receptiveField: ({ factor }) => ({ scale: 1 / factor, back: (factor - 1) / factor, ahead: 0 }),
  gradient: ({ attributes, upstream }) => [pixelUnshuffle(upstream[0]!, attributes.factor)],
  onnx: (target, inputs, { factor }) => [target.node('DepthToSpace', inputs, { blocksize: factor, mode: 'CRD' })],
  tfjs(tf, [x], { factor }) {
    const [n, c, height, width] = x!.shape as [number, number, number, number];
    const channels = c / (factor * factor);
    const apart = tf.reshape(x!, [n * channels, factor, factor, height, width]);
    const woven = tf.transpose(apart, [0, 3, 1, 4, 2]);
    return [tf.reshape(woven, [n, channels, height * factor, width * factor])];
  },
};

const unshuffleOp: Op<Attributes> = {
  name: 'pixelUnshuffle',
  infer([x], { factor }) {
    expectRank(x!, 4, 'the input');
    const [n, , height, width] = x!.shape as [Dim, Dim, Dim, Dim];
    const channels = known(x!.shape[1]!, 'the number of channels');
    const smaller = (size: Dim) => {
      if (typeof size === 'string') return `(${size})/${factor}`;
      if (size % factor !== 0) throw new ShapeError(`a side of ${size} does not divide by ${factor}`);
      return size / factor;
    };
    return [{ shape: [n, channels * factor * factor, smaller(height), smaller(width)], dtype: x!.dtype }];
  },
  receptiveField: ({ factor }) => slidingWindow([factor, factor], { stride: factor }),
  // WebGPU leaves SpaceToDepth to the CPU.
  faultyOn: ['webgpu'],
  decompose: ([x], { factor }) => [windows(x!, [factor, factor], { stride: factor })],
  gradient: ({ attributes, upstream }) => [pixelShuffle(upstream[0]!, attributes.factor)],
  onnx(target, inputs, { factor }, node) {
    const blocks = target.node('SpaceToDepth', inputs, { blocksize: factor });
    // ONNX puts the place in the block before the channel, PyTorch after it.
    const channels = Number(node.inputs[0]!.shape[1]);
    const inBlock = factor * factor;
    const order = Array.from(
      { length: channels * inBlock },
      (_, i) => (i % inBlock) * channels + Math.floor(i / inBlock),
    );
    return [target.node('Gather', [blocks, target.ints(order)], { axis: 1 })];
  },
  tfjs(tf, [x], { factor }) {
    const [n, c, height, width] = x!.shape as [number, number, number, number];
    const apart = tf.reshape(x!, [n * c, height / factor, factor, width / factor, factor]);
    const sorted = tf.transpose(apart, [0, 2, 4, 1, 3]);
    return [tf.reshape(sorted, [n, c * factor * factor, height / factor, width / factor])];
  },
};

/** [N, C·r², H, W] → [N, C, H·r, W·r] (PyTorch's `pixel_shuffle`). @throws ShapeError unless the channels divide. */
export function pixelShuffle(x: Tensor, factor: number): Tensor {
  return applyOne(shuffleOp, [x], { factor });
}

/** [N, C, H·r, W·r] → [N, C·r², H, W] (PyTorch's `pixel_unshuffle`). @throws ShapeError unless the sides divide. */
export function pixelUnshuffle(x: Tensor, factor: number): Tensor {
  return applyOne(unshuffleOp, [x], { factor });
}
