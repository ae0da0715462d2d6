import fc from 'fast-check';
import { expect, test } from 'vitest';
import { constant, type Tensor } from '../graph/tensor.js';
import { elements, float32 } from '../graph/tensor-data.js';
import { Lambda } from '../nn/lambda.js';
import * as ops from '../ops/index.js';
import { evaluate } from '../test-support.js';
import { EveryOperation } from '../test-support.network.js';
import { receptiveRadiusOf } from './receptive-field.js';

const SIDE = 64;

/** Positive weights, so that effects of a pixel never cancel out. */
const kernel = (...shape: number[]) => constant(new Float32Array(elements(shape)).fill(0.1), shape);
const conv = (x: Tensor, attributes: Parameters<typeof ops.conv2d>[3], ...[h, w]: [number, number]) =>
  ops.conv2d(x, kernel(2, 2, h, w), undefined, attributes);

/** Parts of networks that keep the size of a 2-channel picture. */
const PARTS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  mirrored: (x) => conv(ops.reflectPad2d(x, ops.square(1)), {}, 3, 3),
  repeated: (x) => conv(ops.replicatePad2d(x, ops.square(2)), {}, 5, 5),
  dilated: (x) => conv(x, { dilation: 3, padding: ops.square(3) }, 3, 3),
  'dilated, to one side': (x) => conv(x, { dilation: 3, padding: { top: 0, left: 0, bottom: 6, right: 6 } }, 3, 3),
  'to one side': (x) => conv(x, { padding: { top: 2, left: 0, bottom: 0, right: 2 } }, 3, 3),
  flat: (x) => conv(x, { padding: { top: 0, left: 2, bottom: 0, right: 2 } }, 1, 5),
  'down and up': (x) =>
    ops.convTranspose2d(conv(x, { stride: 2, padding: ops.square(1) }, 3, 3), kernel(2, 2, 4, 4), undefined, {
      stride: 2,
      padding: ops.square(1),
    }),
  'up with output padding': (x) =>
    ops.convTranspose2d(ops.avgPool2d(x, 2), kernel(2, 2, 3, 3), undefined, {
      stride: 2,
      padding: ops.square(1),
      outputPadding: [1, 1],
    }),
  shuffled: (x) => ops.pixelShuffle(ops.conv2d(ops.pixelUnshuffle(x, 2), kernel(8, 8, 1, 1), undefined), 2),
  pooled: (x) => ops.maxPool2d(x, 3, { stride: 1, padding: ops.square(1) }),
  'resized by a factor': (x) => ops.resizeBilinear(ops.avgPool2d(x, 4), { factor: 4 }),
  'resized like another': (x) => ops.add(ops.resizeNearest(ops.maxPool2d(x, 2), { like: x }), x),
  'padded by hand': (x) =>
    conv(
      ops.pad(x, [
        [0, 0],
        [0, 0],
        [0, 2],
        [2, 0],
      ]),
      {},
      3,
      3,
    ),
  'over channels': (x) => ops.concat([ops.max(x, [1]), ops.mean(ops.relu(x), [1])], 1),
};

const networkOf = (names: readonly string[]) => {
  const through = (x: Tensor) => names.reduce((y, name) => PARTS[name]!(y), x);
  const enter = (x: Tensor) => ops.slice(x, 1, 0, 2);
  const leave = (x: Tensor) => ops.concat([x, ops.slice(x, 1, 0, 1)], 1);
  return (x: Tensor) => leave(through(enter(x)));
};
const format = { colour: 'rgb', multiple: 4, least: 4 } as const;
const receptiveRadiusOfParts = (names: readonly string[]) =>
  receptiveRadiusOf(Object.assign(new Lambda(networkOf(names)), { pictures: format }));

/** Largest distance at which a changed pixel changes the result, over the pixels of a 4×4 block. */
async function seen(names: readonly string[]): Promise<number> {
  const places = Array.from({ length: 16 }, (_, i) => [SIDE / 2 + Math.floor(i / 4), SIDE / 2 + (i % 4)] as const);
  const values = new Float32Array(17 * 3 * SIDE * SIDE).fill(1);
  for (const [i, [y, x]] of places.entries())
    for (let channel = 0; channel < 3; channel++) values[(((i + 1) * 3 + channel) * SIDE + y) * SIDE + x] = 1e4;
  const { output } = await evaluate((x) => ({ output: networkOf(names)(x) }), [float32(values, [17, 3, SIDE, SIDE])]);
  const data = output!.data as Float32Array;
  let farthest = 0;
  for (const [i, [py, px]] of places.entries())
    for (let at = 0; at < 3 * SIDE * SIDE; at++) {
      if (data[at] === data[(i + 1) * 3 * SIDE * SIDE + at]) continue;
      const [y, x] = [Math.floor(at / SIDE) % SIDE, at % SIDE];
      farthest = Math.max(farthest, Math.abs(y - py), Math.abs(x - px));
    }
  return farthest;
}

test.each(Object.keys(PARTS))('a change reaches as far as is said: %s', async (name) => {
  const [said, found] = [receptiveRadiusOfParts([name]), await seen([name])];
  expect(found).toBeLessThanOrEqual(said);
  // A resize is assumed to use both neighbours everywhere.
  expect(said - found).toBeLessThanOrEqual(name.startsWith('resized by') ? 4 : 0);
});

test('parts in a row reach no farther than is said', async () => {
  const names = fc.array(fc.constantFrom(...Object.keys(PARTS)), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(names, async (row) => {
      expect(await seen(row)).toBeLessThanOrEqual(receptiveRadiusOfParts(row));
    }),
    { numRuns: 12 },
  );
});

test('what depends on the whole picture has no end', () => {
  const radius = (operation: (x: Tensor) => Tensor) => receptiveRadiusOf(new Lambda(operation));
  expect(radius((x) => x)).toBe(0);
  expect(radius((x) => ops.mul(x, ops.mean(x, [2, 3])))).toBe(Infinity);
  expect(radius((x) => ops.mul(x, ops.max(x, [2, 3])))).toBe(Infinity);
  expect(radius((x) => ops.resizeBilinear(ops.avgPool2d(x, 2), { like: x }, { alignCorners: true }))).toBe(Infinity);
  // One row less than double: positions drift further with each row.
  expect(radius((x) => ops.resizeBilinear(ops.slice(ops.slice(x, 2, 0, -1), 3, 0, -1), { like: x }))).toBe(Infinity);
  expect(radius((x) => ops.transpose(x, [0, 1, 3, 2]))).toBe(Infinity);
  expect(radius((x) => ops.matmul(x, x))).toBe(Infinity);
  expect(radius((x) => ops.concat([x, x], 2))).toBe(Infinity);
  expect(receptiveRadiusOf(new EveryOperation())).toBe(Infinity);
});
