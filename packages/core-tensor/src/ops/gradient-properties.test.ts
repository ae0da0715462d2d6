import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tensor } from '../graph/tensor.js';
import { elements, float32, type TensorData } from '../graph/tensor-data.js';
import { Random } from '../support/random.js';
import { valueAndGradients } from '../test-support.js';
import * as ops from './index.js';

const RUNS = { numRuns: 8, seed: 20 };

test('conv2d of any stride, dilation, groups and padding', async () => {
  const shapes = fc.record({
    batch: fc.integer({ min: 1, max: 2 }),
    groups: fc.integer({ min: 1, max: 2 }),
    perGroup: fc.integer({ min: 1, max: 2 }),
    outPerGroup: fc.integer({ min: 1, max: 2 }),
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    padding: fc.tuple(...Array<fc.Arbitrary<number>>(4).fill(fc.integer({ min: 0, max: 2 }))),
    height: fc.integer({ min: 5, max: 8 }),
    width: fc.integer({ min: 5, max: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(shapes, async (s) => {
      const [top, left, bottom, right] = s.padding as [number, number, number, number];
      const attributes = { ...s, padding: { top, left, bottom, right } };
      await expectGradient(
        (x, w, b) => ops.conv2d(x!, w!, b, attributes),
        [
          [s.batch, s.groups * s.perGroup, s.height, s.width],
          [s.groups * s.outPerGroup, s.perGroup, s.kernel, s.kernel],
          [s.groups * s.outPerGroup],
        ],
      );
    }),
    RUNS,
  );
});

test('reflectPad2d of any padding below the size', async () => {
  const shapes = fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 6 })).chain(([height, width]) =>
    fc.record({
      height: fc.constant(height),
      width: fc.constant(width),
      top: fc.integer({ min: 0, max: height - 1 }),
      bottom: fc.integer({ min: 0, max: height - 1 }),
      left: fc.integer({ min: 0, max: width - 1 }),
      right: fc.integer({ min: 0, max: width - 1 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(shapes, ({ height, width, ...padding }) =>
      expectGradient((x) => ops.reflectPad2d(x!, padding), [[1, 2, height, width]]),
    ),
    { ...RUNS, numRuns: 20 },
  );
});

test('batchNorm2dTrain of any shape with several values per channel', async () => {
  const shapes = fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 2, max: 4 }),
    fc.integer({ min: 2, max: 4 }),
  );
  await fc.assert(
    fc.asyncProperty(shapes, (shape) =>
      expectGradient((x, w, b) => ops.batchNorm2dTrain(x!, w!, b!, 1e-5).y, [[...shape], [shape[1]], [shape[1]]]),
    ),
    RUNS,
  );
});

test('mean and sum over any axes', async () => {
  const axes = fc.subarray([0, 1, 2, 3], { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(axes, (over) =>
      expectGradient((x) => ops.mul(ops.mean(x!, over), ops.sum(x!, over)), [[2, 3, 2, 2]]),
    ),
    RUNS,
  );
});

/**
 * Compares the gradient along a random direction with a central difference. float32 arithmetic leaves about three
 * digits of such a difference.
 */
async function expectGradient(operation: (...inputs: Tensor[]) => Tensor, shapes: readonly number[][]): Promise<void> {
  const random = new Random(7);
  const normal = (shape: readonly number[]) => Float32Array.from({ length: elements(shape) }, () => random.normal());
  const at = shapes.map(normal);
  const direction = shapes.map(normal);
  const moved = (step: number): TensorData[] =>
    shapes.map((shape, i) =>
      float32(
        at[i]!.map((value, j) => value + step * direction[i]![j]!),
        shape,
      ),
    );
  const step = 2 ** -7;
  const [ahead, behind, here] = await Promise.all(
    [step, -step, 0].map((by) => valueAndGradients(operation, moved(by))),
  );
  const difference = (ahead!.loss - behind!.loss) / (2 * step);
  let slope = 0;
  let size = 0;
  for (const [i, gradient] of here!.gradients.entries())
    for (const [j, value] of (gradient!.data as Float32Array).entries()) {
      slope += value * direction[i]![j]!;
      size += Math.abs(value * direction[i]![j]!);
    }
  expect(Math.abs(slope - difference)).toBeLessThan(0.01 * size + 1e-3);
}
