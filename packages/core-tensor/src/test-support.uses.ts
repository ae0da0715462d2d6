import fc from 'fast-check';
import { constant, type Tensor } from './graph/tensor.js';
import { elements } from './graph/tensor-data.js';
import * as ops from './ops/index.js';

/** One use of an operation: the shapes of its inputs, and the call. */
export interface Use {
  readonly shapes: readonly (readonly number[])[];
  readonly run: (...inputs: Tensor[]) => Tensor;
}

const size = (min: number, max: number) => fc.integer({ min, max });
const picture = (side = 4) => fc.tuple(size(1, 2), size(1, 3), size(2, side), size(2, side));
const unary = (
  run: (x: Tensor) => Tensor,
  shape: fc.Arbitrary<number[]> = fc.array(size(1, 4), { minLength: 1, maxLength: 3 }),
) => shape.map((one): Use => ({ shapes: [one], run: run as Use['run'] }));
/** Two shapes that broadcast: some axes of the second are 1 or missing. */
const binary = (run: (a: Tensor, b: Tensor) => Tensor) =>
  fc
    .tuple(
      fc.array(size(1, 3), { minLength: 1, maxLength: 3 }),
      fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      size(0, 2),
      fc.boolean(),
    )
    .map(([shape, ones, missing, swapped]): Use => {
      const other = shape.map((n, axis) => (ones[axis] ? 1 : n)).slice(Math.min(missing, shape.length - 1));
      return { shapes: swapped ? [other, shape] : [shape, other], run: run as Use['run'] };
    });
const padding = (least: number, most: number) =>
  fc.record({ top: size(least, most), left: size(least, most), bottom: size(least, most), right: size(least, most) });
const positive = (x: Tensor) => ops.add(ops.mul(x, x), 0.5);
const axes = fc.subarray([0, 1, 2, 3], { minLength: 1 });

/** Random uses of every operation that gradients pass through. */
export const USES: Record<string, fc.Arbitrary<Use>> = {
  abs: unary(ops.abs),
  exp: unary(ops.exp),
  log: unary((x) => ops.log(positive(x))),
  neg: unary(ops.neg),
  power: fc.constantFrom(-1, -0.5, 0.5, 1.5, 2, 3).chain((e) => unary((x) => ops.power(positive(x), e))),
  relu: unary(ops.relu),
  sigmoid: unary(ops.sigmoid),
  sqrt: unary((x) => ops.sqrt(positive(x))),
  tanh: unary(ops.tanh),
  gelu: unary(ops.gelu),
  leakyRelu: unary((x) => ops.leakyRelu(x, 0.2)),
  clamp: unary((x) => ops.clamp(x, -0.5, 0.7)),
  stopGradient: unary((x) => ops.mul(x, ops.stopGradient(constant(2)))),
  add: binary(ops.add),
  sub: binary(ops.sub),
  mul: binary(ops.mul),
  div: binary((a, b) => ops.div(a, positive(b))),
  where: binary((a, b) => ops.where(ops.greater(a, b), ops.mul(a, 2), b)),
  expandLike: binary((a, b) => {
    const [small, large] = elements(a.shape as number[]) > elements(b.shape as number[]) ? [b, a] : [a, b];
    return ops.mul(ops.expandLike(small, large), large);
  }),
  softmax: size(-3, 2).chain((axis) =>
    unary((x) => ops.softmax(x, axis), fc.tuple(size(1, 3), size(1, 3), size(1, 3))),
  ),
  prelu: fc.tuple(picture(), fc.boolean()).map(([shape, one]) => ({
    shapes: [shape, [one ? 1 : shape[1]]],
    run: (x, slope) => ops.prelu(x!, slope!),
  })),
  l2Norm: axes.chain((over) => unary((x) => ops.l2Norm(x, over), picture())),
  l2Normalize: size(0, 3).chain((axis) => unary((x) => ops.l2Normalize(x, axis), picture())),
  mean: axes.chain((over) => unary((x) => ops.mean(x, over), picture())),
  sum: axes.chain((over) => unary((x) => ops.sum(x, over), picture())),
  max: axes.chain((over) => unary((x) => ops.max(x, over), picture())),
  reshape: unary((x) => ops.reshape(x, [0, -1]), picture()),
  reshapeLike: fc
    .constantFrom({}, { 1: [2, -1] }, { 1: [-1, 2], 2: [2, 2] })
    .chain((parts) => unary((x) => ops.reshapeLike(ops.reshape(x, [-1]), x, parts), fc.constant([2, 4, 4, 3]))),
  transpose: fc
    .shuffledSubarray([0, 1, 2, 3], { minLength: 4 })
    .chain((order) => unary((x) => ops.transpose(x, order), picture())),
  slice: fc
    .tuple(size(0, 3), fc.boolean())
    .chain(([axis, last]) =>
      unary((x) => (last ? ops.slice(x, axis, -2) : ops.slice(x, axis, 1, -1)), fc.constant([3, 4, 3, 4])),
    ),
  split: fc
    .constantFrom(1, 2, 3)
    .chain((parts) => unary((x) => ops.split(x, 1, parts).reduce((a, b) => ops.mul(a, b)), fc.constant([2, 6]))),
  concat: fc.tuple(size(1, 3), size(1, 3), size(1, 3)).map(([a, b, c]) => ({
    shapes: [
      [2, a, 2],
      [2, b, 2],
      [2, c, 2],
    ],
    run: (...parts) => ops.concat(parts, 1),
  })),
  pad: fc
    .array(fc.tuple(size(0, 2), size(0, 2)), { minLength: 3, maxLength: 3 })
    .chain((widths) => unary((x) => ops.pad(x, widths, 2), fc.tuple(size(1, 3), size(1, 3), size(1, 3)))),
  gather: fc
    .tuple(size(0, 1), fc.array(size(0, 1), { minLength: 6, maxLength: 6 }))
    .chain(([axis, index]) =>
      unary((x) => ops.gather(x, axis, constant(index, axis === 0 ? [3, 2] : [2, 3], 'int64')), fc.constant([2, 2])),
    ),
  scatterAdd: fc.array(size(0, 2), { minLength: 8, maxLength: 8 }).map((index) => ({
    shapes: [
      [2, 3],
      [2, 4],
    ],
    run: (x, source) => ops.scatterAdd(x!, 1, constant(index, [2, 4], 'int64'), ops.mul(source!, source!)),
  })),
  indexSelect: fc
    .tuple(size(0, 2), fc.array(size(0, 1), { minLength: 1, maxLength: 5 }))
    .chain(([axis, index]) =>
      unary((x) => ops.indexSelect(x, axis, constant(index, [index.length], 'int64')), fc.constant([2, 3, 2])),
    ),
  matmul: fc.tuple(size(1, 3), size(1, 3), size(1, 3), size(1, 2), fc.boolean()).map(([m, k, n, batch, flat]) => ({
    shapes: [[batch, m, k], flat ? [k, n] : [2, 1, k, n]],
    run: (a, b) => ops.matmul(a!, b!),
  })),
  addmm: fc.tuple(size(1, 3), size(1, 3), size(1, 3), size(0, 3)).map(([m, k, n, kind]) => ({
    shapes: [[[n], [m, 1], [m, n], []][kind]!, [m, k], [k, n]],
    run: (c, a, b) => ops.addmm(c!, a!, b!),
  })),
  layerNorm: fc.tuple(size(1, 3), size(1, 3), size(2, 4)).map((shape) => ({
    shapes: [shape, [shape[2]], [shape[2]]],
    run: (x, weight, bias) => ops.layerNorm(x!, weight!, bias!, 1e-3),
  })),
  batchNorm2dTrain: picture().map((shape) => ({
    shapes: [shape, [shape[1]], [shape[1]]],
    run: (x, weight, bias) => ops.batchNorm2dTrain(x!, weight!, bias!, 1e-5).y,
  })),
  batchNorm2dEval: picture().map((shape) => ({
    shapes: [shape, [shape[1]], [shape[1]]],
    run: (x, weight, bias) => {
      const running = (value: number) => constant(Array<number>(shape[1]).fill(value));
      return ops.batchNorm2dEval(x!, weight!, bias!, running(0.2), running(1.3), 1e-5);
    },
  })),
  reflectPad2d: picture(5).chain((shape) =>
    padding(0, Math.min(shape[2], shape[3]) - 1).map((around) => ({
      shapes: [shape],
      run: (x) => ops.reflectPad2d(x!, around),
    })),
  ),
  replicatePad2d: fc.tuple(size(1, 4), size(1, 4), padding(0, 3)).map(([h, w, around]) => ({
    shapes: [[1, 2, h, w]],
    run: (x) => ops.replicatePad2d(x!, around),
  })),
  conv2d: fc
    .record({
      ...{ batch: size(1, 2), groups: size(1, 2), perGroup: size(1, 2), outPerGroup: size(1, 2), kernel: size(1, 3) },
      ...{ stride: size(1, 3), dilation: size(1, 2), padding: padding(0, 2), height: size(5, 8), width: size(5, 8) },
    })
    .map((s) => ({
      shapes: [
        [s.batch, s.groups * s.perGroup, s.height, s.width],
        [s.groups * s.outPerGroup, s.perGroup, s.kernel, s.kernel],
        [s.groups * s.outPerGroup],
      ],
      run: (x, weight, bias) => ops.conv2d(x!, weight!, bias, s),
    })),
  convTranspose2d: fc
    .record({
      ...{ batch: size(1, 2), groups: size(1, 2), perGroup: size(1, 2), outPerGroup: size(1, 2), kernel: size(2, 3) },
      ...{
        stride: size(2, 3),
        dilation: size(1, 2),
        padding: padding(0, 1),
        outputPadding: fc.tuple(size(0, 1), size(0, 1)),
      },
      ...{ height: size(2, 4), width: size(2, 4) },
    })
    .map((s) => ({
      shapes: [
        [s.batch, s.groups * s.perGroup, s.height, s.width],
        [s.groups * s.perGroup, s.outPerGroup, s.kernel, s.kernel],
        [s.groups * s.outPerGroup],
      ],
      run: (x, weight, bias) => ops.convTranspose2d(x!, weight!, bias, s),
    })),
  deformConv2d: fc
    .record({
      ...{ batch: size(1, 2), offsetGroups: size(1, 2), out: size(1, 2), kernel: size(1, 3), stride: size(1, 2) },
      ...{ dilation: size(1, 2), pixels: size(0, 2), height: size(5, 6), width: size(5, 6) },
    })
    .map((s) => {
      const across = (n: number) => Math.floor((n + 2 * s.pixels - s.dilation * (s.kernel - 1) - 1) / s.stride) + 1;
      const [h, w] = [across(s.height), across(s.width)];
      const taps = s.kernel * s.kernel * s.offsetGroups;
      return {
        shapes: [
          [s.batch, 2 * s.offsetGroups, s.height, s.width],
          [s.out, 2 * s.offsetGroups, s.kernel, s.kernel],
          [s.batch, 2 * taps, h, w],
          [s.batch, taps, h, w],
          [s.out],
        ],
        run: (x, weight, offset, mask, bias) =>
          ops.deformConv2d(x!, weight!, offset!, mask!, bias, { ...s, padding: ops.square(s.pixels) }),
      };
    }),
  maxPool2d: fc
    .tuple(size(2, 3), size(1, 3), padding(0, 1))
    .chain(([kernel, stride, around]) =>
      unary(
        (x) => ops.maxPool2d(x, kernel, { stride, padding: around }),
        fc.tuple(size(1, 2), size(1, 2), size(4, 6), size(4, 6)),
      ),
    ),
  avgPool2d: fc
    .tuple(size(2, 3), size(1, 3), padding(0, 1))
    .chain(([kernel, stride, around]) =>
      unary(
        (x) => ops.avgPool2d(x, kernel, { stride, padding: around }),
        fc.tuple(size(1, 2), size(1, 2), size(4, 6), size(4, 6)),
      ),
    ),
  resizeNearest: fc
    .tuple(size(1, 6), size(1, 6))
    .chain(([height, width]) => unary((x) => ops.resizeNearest(x, { height, width }), picture(5))),
  resizeBilinear: fc
    .tuple(size(1, 6), size(1, 6), fc.constantFrom('corners', 'antialias', 'neither'), fc.constantFrom(0, 0.5, 2, 3))
    .chain(([height, width, kind, factor]) =>
      unary((x) => {
        const [alignCorners, antialias] = [kind === 'corners', kind === 'antialias'];
        if (factor > 0 && !alignCorners) return ops.resizeBilinear(x, { factor }, { antialias });
        const like = constant(new Float32Array(height * width), [1, 1, height, width]);
        return ops.resizeBilinear(x, { like }, { alignCorners, antialias });
      }, picture(5)),
    ),
  pixelShuffle: fc
    .tuple(size(2, 3), size(1, 2))
    .chain(([r, c]) =>
      unary((x) => ops.pixelShuffle(x, r), fc.tuple(size(1, 2), fc.constant(c * r * r), size(1, 3), size(1, 3))),
    ),
  pixelUnshuffle: fc
    .tuple(size(2, 3), size(1, 2))
    .chain(([r, c]) =>
      unary((x) => ops.pixelUnshuffle(x, r), fc.tuple(size(1, 2), fc.constant(c), fc.constant(2 * r), fc.constant(r))),
    ),
  unfold: fc
    .tuple(size(1, 3), size(1, 3), size(0, 1))
    .chain(([kernel, stride, pixels]) =>
      unary(
        (x) => ops.unfold(x, kernel, { stride, padding: ops.square(pixels) }),
        fc.tuple(size(1, 2), size(1, 2), size(4, 5), size(4, 5)),
      ),
    ),
};

/** Random uses of every operation that no gradient passes through. */
export const DETACHED: Record<string, fc.Arbitrary<Use>> = {
  argMax: size(0, 3).chain((axis) => unary((x) => ops.argMax(x, axis), picture())),
  equal: binary((a, b) => ops.equal(ops.sign(a), ops.sign(b))),
  floor: unary(ops.floor),
  greater: binary(ops.greater),
  sign: unary(ops.sign),
  toFloat: unary((x) => ops.toFloat(ops.toInt64(x))),
  toInt64: unary(ops.toInt64),
};
