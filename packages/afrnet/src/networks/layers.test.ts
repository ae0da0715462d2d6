import * as tf from '@tensorflow/tfjs';
import {
  buildGraph,
  compileHere,
  goldenPicture,
  goldenState,
  input,
  type Module,
  shapesOf,
  type Tensor,
} from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { pyramidOf } from '../study/losses/pyramid.js';
import { Conv, Deconv } from './layers.js';

// TensorFlow.js shares TensorFlow's definitions, and takes pictures as [batch, height, width, channels].

/** Runs a module on a golden picture; returns the result and the module's weights. */
async function ours(module: Module, shape: readonly number[]) {
  const state = goldenState(shapesOf(module.parameters('layer')), 1);
  const y = await run(module.apply(input('x', shape)), shape, state);
  return { y, weight: state.get('layer.weight')!, bias: state.get('layer.bias')!.data as Float32Array };
}

async function run(tensor: Tensor, shape: readonly number[], state = new Map()) {
  const executable = await compileHere(buildGraph({ y: tensor }), state);
  const { y } = await executable.run({ x: goldenPicture('input', 'layers', shape) });
  await executable.dispose();
  return y!;
}

const picture = (shape: readonly number[]) =>
  tf.transpose(tf.tensor4d(goldenPicture('input', 'layers', shape).data as Float32Array, shape as never), [0, 2, 3, 1]);
/** Transposes our kernels, [b, a, h, w], to TensorFlow's order, [h, w, a, b], for both kinds of convolution. */
const kernel = ({ data, shape }: { data: ArrayLike<number | bigint>; shape: readonly number[] }) =>
  tf.transpose(tf.tensor4d(Float32Array.from(data, Number), shape as never), [2, 3, 1, 0]) as tf.Tensor4D;

function expectSame(result: { shape: readonly number[]; data: ArrayLike<number | bigint> }, theirs: tf.Tensor) {
  const turned = tf.transpose(theirs, [0, 3, 1, 2]);
  expect(result.shape).toEqual(turned.shape);
  const values = turned.dataSync();
  for (const [i, value] of Array.from(result.data, Number).entries()) expect(value).toBeCloseTo(values[i]!, 4);
}

test.each([
  [7, 1],
  [3, 1],
  [3, 2],
  [1, 1],
] as const)('a convolution of kernel %i and stride %i behind a mirrored border', async (size, stride) => {
  const shape = [2, 3, 12, 10];
  const { y, weight, bias } = await ours(new Conv(3, 4, size, { stride }), shape);
  // Equal padding on all sides for stride 1; one less at the bottom and right for stride 2.
  const before = (size - 1) / 2;
  const after = size - stride - before;
  const padded = tf.mirrorPad(
    picture(shape),
    [
      [0, 0],
      [before, after],
      [before, after],
      [0, 0],
    ],
    'reflect',
  );
  const theirs = tf.add(tf.conv2d(padded as tf.Tensor4D, kernel(weight), stride, 'valid'), tf.tensor1d(bias));
  expectSame(y, theirs);
});

test('a transposed convolution, SAME, of stride 2', async () => {
  const shape = [2, 4, 5, 6];
  const { y, weight, bias } = await ours(new Deconv(4, 3), shape);
  const wide = tf.conv2dTranspose(picture(shape) as tf.Tensor4D, kernel(weight), [2, 10, 12, 3], 2, 'same');
  expectSame(y, tf.add(wide, tf.tensor1d(bias)));
});

test('TensorFlow 1’s bilinear resizing by 2, 4 and 8 takes pixels as they are', async () => {
  const shape = [1, 3, 16, 24];
  const pyramid = pyramidOf(input('x', shape));
  for (const [name, factor] of [
    ['half', 2],
    ['quarter', 4],
    ['eighth', 8],
  ] as const) {
    const theirs = tf.image.resizeBilinear(picture(shape) as tf.Tensor4D, [16 / factor, 24 / factor], false, false);
    expectSame(await run(pyramid[name], shape), theirs);
  }
});
