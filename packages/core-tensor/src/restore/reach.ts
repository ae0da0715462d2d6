import { buildGraph } from '../graph/graph.js';
import type { Node } from '../graph/node.js';
import { input, type Tensor } from '../graph/tensor.js';
import { trace } from '../graph/trace.js';
import { formatOf, type PictureNetwork } from '../nn/picture-network.js';
import type { ConvTranspose2dAttributes } from '../ops/conv-transpose2d.js';
import type { Conv2dAttributes } from '../ops/conv2d.js';
import type { PoolAttributes } from '../ops/max-pool2d.js';
import type { Padding } from '../ops/reflect-pad2d.js';
import type { ResizeMode } from '../ops/resize-matrix.js';

/**
 * Which pixels of the picture one place of a tensor is made from: place i of an axis from i·scale − back to
 * i·scale + ahead. 'picture': from all of them, or from nobody knows which; undefined: from none.
 */
type Field = { readonly scale: number; readonly back: number; readonly ahead: number } | 'picture' | undefined;

/**
 * How far a pixel of the result looks: the largest distance, in pixels, to a pixel of the picture that it is made from.
 * Infinity where the network averages over the picture, moves its taps by what it sees, or uses an operation that this
 * does not know.
 */
export function reachOf(network: PictureNetwork): number {
  const { channels, multiple, least } = formatOf(network);
  // Sizes in numbers show whether what is brought to the size of something else keeps its places.
  const side = multiple * Math.ceil(Math.max(least, SIDE) / multiple);
  const x = input('input', [1, channels, side, side]);
  network.parameters();
  const graph = buildGraph({ output: trace('eval', () => network.apply(x)).result });
  const fields = new Map<Tensor, Field>();
  for (const tensor of graph.inputs.values()) fields.set(tensor, { scale: 1, back: 0, ahead: 0 });
  for (const node of graph.nodes) {
    const field = fieldAfter(
      node,
      node.inputs.map((tensor) => fields.get(tensor)),
    );
    for (const output of node.outputs) fields.set(output, field);
  }
  const ends = [...graph.outputs.values()].map((tensor) => fields.get(tensor));
  return Math.max(0, ...ends.map((end) => pixels(end)));
}

/** Large enough for every network's padding. */
const SIDE = 512;

function pixels(field: Field): number {
  if (field === undefined) return 0;
  return field === 'picture' || field.scale !== 1 ? Infinity : Math.ceil(Math.max(field.back, field.ahead));
}

function fieldAfter(node: Node, inputs: readonly Field[]): Field {
  const [first, ...others] = inputs;
  if (inputs.every((field) => field === undefined)) return undefined;
  if (inputs.includes('picture')) return 'picture';
  const rule = Object.hasOwn(MOVES, node.op.name) ? MOVES[node.op.name]! : undefined;
  if (rule !== undefined) {
    if (first === undefined || first === 'picture') return 'picture';
    return node.op.name !== 'resize' && others.some((field) => field !== undefined) ? 'picture' : rule(first, node);
  }
  return IN_PLACE.has(node.op.name) || spares(node) ? union(inputs) : 'picture';
}

function union(fields: readonly Field[]): Field {
  return fields.reduce((a, b) => {
    if (a === undefined || b === undefined) return a ?? b;
    if (a === 'picture' || b === 'picture' || a.scale !== b.scale) return 'picture';
    return { scale: a.scale, back: Math.max(a.back, b.back), ahead: Math.max(a.ahead, b.ahead) };
  });
}

/** Operations that make a place from the same place of their inputs, whatever the channel. */
const IN_PLACE: ReadonlySet<string> = new Set(
  'add sub mul div neg abs sqrt exp log relu leakyRelu prelu tanh sigmoid clamp sign power floor batchNorm2dEval'.split(
    ' ',
  ),
);

/** Whether an operation along axes leaves height and width alone. */
function spares({ op, attributes, inputs }: Node): boolean {
  if (!['concat', 'mean', 'sum', 'argMax', 'gather', 'slice', 'softmax'].includes(op.name)) return false;
  const { axis, axes } = attributes as { axis?: number; axes?: readonly number[] };
  const used = axes ?? (axis === undefined ? [2] : [axis]);
  return inputs[0]!.rank === 4 && used.every((at) => at < 2);
}

type Known = Exclude<Field, 'picture' | undefined>;

/** Operations that make a place from others of their first input; both axes together, by the farther. */
const MOVES: Readonly<Record<string, (field: Known, node: Node) => Field>> = {
  conv2d: (field, node) => {
    const { stride, dilation, padding } = node.attributes as Conv2dAttributes;
    const [rows, columns] = kernelOf(node);
    return windowed(field, stride, [dilation * (rows - 1), dilation * (columns - 1)], padding);
  },
  maxPool2d: (field, { attributes }) => {
    const { kernel, stride, padding } = attributes as PoolAttributes;
    return windowed(field, stride, [kernel - 1, kernel - 1], padding);
  },
  avgPool2d: (field, { attributes }) => {
    const { kernel, stride, padding } = attributes as PoolAttributes;
    return windowed(field, stride, [kernel - 1, kernel - 1], padding);
  },
  convTranspose2d: ({ scale, back, ahead }, node) => {
    const { stride, dilation, padding } = node.attributes as ConvTranspose2dAttributes;
    const [finer, [rows, columns]] = [scale / stride, kernelOf(node)];
    const before = Math.max(dilation * (rows - 1) - padding.top, dilation * (columns - 1) - padding.left);
    return {
      scale: finer,
      back: back + before * finer,
      ahead: ahead + Math.max(padding.top, padding.left) * finer,
    };
  },
  // What lies beyond the border is of the border; a place inside is as far from its sources as before.
  reflectPad2d: (field, { attributes }) => windowed(field, 1, [0, 0], attributes as Padding),
  replicatePad2d: (field, { attributes }) => windowed(field, 1, [0, 0], attributes as Padding),
  pad: (field, { attributes }) => {
    const [, , [top] = [0], [left] = [0]] = (attributes as { widths: readonly (readonly [number, number])[] }).widths;
    return windowed(field, 1, [0, 0], { top, left });
  },
  pixelShuffle: ({ scale, back, ahead }, { attributes }) => {
    const { factor } = attributes as { factor: number };
    return { scale: scale / factor, back: back + (scale * (factor - 1)) / factor, ahead };
  },
  pixelUnshuffle: (field, { attributes }) => {
    const { factor } = attributes as { factor: number };
    return windowed(field, factor, [factor - 1, factor - 1], { top: 0, left: 0 });
  },
  resize: ({ scale, back, ahead }, { attributes, inputs, outputs }) => {
    const { mode } = attributes as { mode: ResizeMode };
    const [factor, other] = [2, 3].map((axis) => Number(outputs[0]!.shape[axis]) / Number(inputs[0]!.shape[axis]));
    // A factor that is no power of two moves places by other amounts at the right than at the left.
    if (mode.alignCorners || factor !== other || !Number.isInteger(Math.log2(factor!))) return 'picture';
    if (mode.kind === 'nearest')
      return { scale: scale / factor!, back: back + scale * Math.max(1 - 1 / factor!, 0), ahead };
    const shift = 0.5 / factor! - 0.5;
    return { scale: scale / factor!, back: back + (1 - shift) * scale, ahead: ahead + (1 + shift) * scale };
  },
};

/** Rows and columns of a convolution's kernel. */
function kernelOf({ inputs }: Node): [number, number] {
  return [Number(inputs[1]!.shape[2]), Number(inputs[1]!.shape[3])];
}

/** After a window that spans so many rows and columns beyond its first and moves by `stride`. */
function windowed(
  { scale, back, ahead }: Known,
  stride: number,
  [rows, columns]: readonly [number, number],
  padding: Sides,
): Field {
  return {
    scale: scale * stride,
    back: back + Math.max(padding.top, padding.left) * scale,
    ahead: ahead + Math.max(rows - padding.top, columns - padding.left) * scale,
  };
}

type Sides = Pick<Padding, 'top' | 'left'>;
