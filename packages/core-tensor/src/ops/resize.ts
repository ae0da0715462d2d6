import type { Dim } from '../graph/dim.js';
import { applyOne, expectRank, known, type Node, type Op, ShapeError } from '../graph/node.js';
import type { Field } from '../graph/receptive-field.js';
import { constant, type Tensor } from '../graph/tensor.js';
import type { TfTensor } from '../graph/tfjs-target.js';
import { matmul } from './matmul.js';
import { type ResizeMode, resizeMatrix } from './resize-matrix.js';

/** Target of a resize: a factor or a size. Pass a tensor instead (`like`) to take its size. */
export type ResizeTo = { readonly factor: number } | { readonly height: number; readonly width: number };

interface Attributes {
  readonly mode: ResizeMode;
  /** Absent where the second input gives the size. */
  readonly to: ResizeTo | undefined;
}

const rules: Omit<Op<Attributes>, 'decompose' | 'faultyOn'> = {
  name: 'resize',
  infer(inputs, { to }) {
    const [x, like] = inputs as [Tensor, Tensor?];
    expectRank(x, 4, 'the input');
    if (like) expectRank(like, 4, 'the tensor whose size is taken');
    const [n, c, height, width] = x.shape as [Dim, Dim, Dim, Dim];
    const [h, w] = like ? like.shape.slice(2) : [target(height, to!, 'height'), target(width, to!, 'width')];
    if (Math.min(Number(h), Number(w)) < 1)
      throw new ShapeError(`the result would be ${h}×${w}; its sides must be at least 1`);
    return [{ shape: [n, c, h!, w!], dtype: x.dtype }];
  },
  receptiveField: ({ mode }, node) => [resizedField(mode, node), 'unused'],
  // Resizing is linear: a matrix per axis. The gradient uses the transposed matrices.
  gradient({ inputs, outputs, attributes: { mode, to }, upstream }) {
    const shapes = [inputs[0]!.shape, outputs[0]!.shape];
    const matrix = (axis: 2 | 3) => {
      const [from, size] = shapes.map((shape) => known(shape[axis]!, 'height and width under a resize')) as [
        number,
        number,
      ];
      return { from, size, values: resizeMatrix(mode, from, size, stepOf(to, from, size)) };
    };
    const [rows, columns] = [matrix(2), matrix(3)];
    const dx = matmul(upstream[0]!, constant(columns.values, [columns.size, columns.from]));
    return [matmul(constant(transposed(rows.values, rows.from), [rows.from, rows.size]), dx), undefined];
  },
  onnx(target, inputs, { mode, to }, node) {
    const nearest = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    const linear = {
      mode: 'linear',
      coordinate_transformation_mode: mode.alignCorners ? 'align_corners' : 'half_pixel',
      // Without exclude_outside, pixels at the border count for those beyond it.
      ...(mode.antialias && { antialias: 1, exclude_outside: 1 }),
    };
    const attributes = mode.kind === 'nearest' ? nearest : linear;
    if (to && 'factor' in to) {
      const factors = target.constant([1, 1, to.factor, to.factor], [4]);
      return [target.node('Resize', [inputs[0]!, '', factors], attributes)];
    }
    const size = to
      ? target.ints([to.height, to.width])
      : target.node('Gather', [target.shapeOf(inputs[1]!, node.inputs[1]!), target.ints([2, 3])], { axis: 0 });
    const channels = target.node('Gather', [target.shapeOf(inputs[0]!, node.inputs[0]!), target.ints([0, 1])], {
      axis: 0,
    });
    const sizes = target.node('Concat', [channels, size], { axis: 0 });
    return [target.node('Resize', [inputs[0]!, '', '', sizes], attributes)];
  },
  tfjs(tf, inputs, { mode, to }) {
    const [x, like] = inputs as [TfTensor, TfTensor?];
    const sizes = like
      ? like.shape.slice(2)
      : x.shape.slice(2).map((size, i) => Number(target(size, to!, i === 0 ? 'height' : 'width')));
    const [rows, columns] = [2, 3].map((axis) => {
      const [from, size] = [x.shape[axis]!, sizes[axis - 2]!];
      return tf.tensor(resizeMatrix(mode, from, size, stepOf(to, from, size)), [size, from], 'float32');
    }) as [TfTensor, TfTensor];
    const [n, c, height] = x.shape as [number, number, number];
    const wide = tf.matMul(tf.reshape(x, [n * c * height, -1]), tf.transpose(columns, [1, 0]));
    const turned = tf.transpose(tf.reshape(wide, [n * c, height, -1]), [0, 2, 1]);
    const tall = tf.matMul(tf.reshape(turned, [-1, height]), tf.transpose(rows, [1, 0]));
    return [tf.transpose(tf.reshape(tall, [n, c, sizes[1]!, sizes[0]!]), [0, 1, 3, 2])];
  },
};

/** Antialiased resizing. onnxruntime's WebGPU lacks it: there, two products by matrices, for pictures of known sizes. */
const antialiased: Op<Attributes> = {
  ...rules,
  faultyOn: ['webgpu'],
  decompose([x, like], { mode, to }) {
    const [height, width] = x!.shape.slice(2).map((size) => known(size, 'height and width under a resize'));
    const sizes = like ? like.shape.slice(2) : [target(height!, to!, 'height'), target(width!, to!, 'width')];
    const [tall, wide] = sizes.map((size) => known(size, 'height and width of a resize')) as [number, number];
    const rows = resizeMatrix(mode, height!, tall, stepOf(to, height!, tall));
    const columns = resizeMatrix(mode, width!, wide, stepOf(to, width!, wide));
    const across = matmul(x!, constant(transposed(columns, width!), [width!, wide]));
    return [matmul(constant(rows, [tall, height!]), across)];
  },
};

/** Transposes a matrix with rows of a length. */
function transposed(matrix: Float32Array, length: number): Float32Array<ArrayBuffer> {
  const rows = matrix.length / length;
  return Float32Array.from(matrix, (_, i) => matrix[(i % rows) * length + Math.floor(i / rows)]!);
}

/**
 * Nearest-neighbour resizing (PyTorch's `interpolate(mode="nearest")`).
 * @param x [N, C, H, W]
 * @param to a factor, a size, or a tensor [·, ·, H', W'] whose size is taken
 * @throws ShapeError when the result would be empty; the gradient throws it when height and width are not known
 */
export function resizeNearest(x: Tensor, to: ResizeTo | { readonly like: Tensor }): Tensor {
  return resize(x, to, { kind: 'nearest', alignCorners: false, antialias: false });
}

/**
 * Bilinear resizing (PyTorch's `interpolate(mode="bilinear")`); see {@link resizeNearest}.
 * @param options `alignCorners`: true if corner pixels keep their places; `antialias`: true if a smaller picture averages
 * over all pixels of the larger one (JAX's `image.resize`)
 * @throws ShapeError for both options at once
 */
export function resizeBilinear(
  x: Tensor,
  to: ResizeTo | { readonly like: Tensor },
  { alignCorners = false, antialias = false } = {},
): Tensor {
  if (alignCorners && antialias) throw new ShapeError('resize: alignCorners and antialias exclude each other');
  return resize(x, to, { kind: 'bilinear', alignCorners, antialias });
}

function resize(x: Tensor, to: ResizeTo | { readonly like: Tensor }, mode: ResizeMode): Tensor {
  const one: Op<Attributes> = mode.antialias ? antialiased : rules;
  return 'like' in to ? applyOne(one, [x, to.like], { mode, to: undefined }) : applyOne(one, [x], { mode, to });
}

function resizedField({ kind, alignCorners, antialias }: ResizeMode, { inputs, outputs }: Node): Field {
  const [factor, other] = [2, 3].map((axis) => Number(outputs[0]!.shape[axis]) / Number(inputs[0]!.shape[axis]));
  // With a factor that is no power of two, places at the right are shifted by other amounts than at the left.
  if (alignCorners || factor !== other || !Number.isInteger(Math.log2(factor!))) return 'whole';
  const scale = 1 / factor!;
  if (kind === 'nearest') return { scale, back: Math.max(1 - scale, 0), ahead: 0 };
  const shift = 0.5 * scale - 0.5;
  const reach = antialias ? Math.max(scale, 1) : 1;
  return { scale, back: reach - shift, ahead: reach + shift };
}

function target(size: Dim, to: ResizeTo, axis: 'height' | 'width'): Dim {
  if (!('factor' in to)) return to[axis];
  return typeof size === 'number' ? Math.floor(size * to.factor) : `floor((${size})*${to.factor})`;
}

function stepOf(to: ResizeTo | undefined, from: number, size: number): number {
  return to && 'factor' in to ? 1 / to.factor : from / size;
}
