import { type GraphModel, type GraphModelNode, type State, show, type TensorData } from '@unweather/core-tensor';

/** What a node that reads a constant makes of it, by the end of the node's name below its Flax module. */
const ROLES: readonly (readonly [RegExp, 'kernel' | 'bias' | 'scale'])[] = [
  [/\/(Conv2D|conv2d_transpose|einsum\/Einsum)$/, 'kernel'],
  [/\/jit_fn_\/Mul(_\d+)?$/, 'scale'],
  [/\/jit_fn_\/AddV2(_\d+)?$/, 'bias'],
];
/** Flax's module of the network, within the modules of the program that exported it. */
const BACKBONE = /(^|\/)backbone\//;
/** The last index of the kernel's rows is summed over: Flax's dense layer. */
const DENSE = /^(\w*)(\w),\2(\w)->\1\3$/;
/** Epsilon of Flax's LayerNorm. */
const EPSILON = Math.fround(1e-6);

/** Fault of a graph, without the file's name. */
export class NotMaxim extends Error {}

/**
 * Finds MAXIM's parameters among the constants of a TensorFlow.js graph that jax2tf and TensorFlow's converter made.
 * The constants' own names say little; the node that reads a constant carries the path of its Flax module.
 * @returns the parameters in Flax's layouts and under Flax's names, joined by dots
 * @throws NotMaxim naming the constant that belongs to no parameter, or the node that is not as MAXIM has it
 */
export function graphParameters({ nodes, weights }: GraphModel): State {
  const readers = readersOf(nodes);
  checkEpsilons(nodes, weights);
  const found: State = new Map();
  for (const [constant, tensor] of weights) {
    // Single numbers belong to the program: every parameter has at least three.
    if (tensor.dtype !== 'float32' || tensor.data.length <= 1) continue;
    const [reader, ...others] = readers.get(constant) ?? [];
    if (reader === undefined || others.length > 0)
      throw new NotMaxim(`constant "${constant}" is read by ${others.length + (reader ? 1 : 0)} nodes, expected 1`);
    const { name, value } = parameterOf(constant, tensor, reader);
    if (found.has(name)) throw new NotMaxim(`two constants belong to "${name}", the second is "${constant}"`);
    found.set(name, value);
  }
  return found;
}

function readersOf(nodes: readonly GraphModelNode[]): Map<string, GraphModelNode[]> {
  const readers = new Map<string, GraphModelNode[]>();
  for (const node of nodes)
    for (const input of node.inputs) {
      const all = readers.get(input);
      if (all) all.push(node);
      else readers.set(input, [node]);
    }
  return readers;
}

/**
 * Compares the epsilon of every normalisation with Flax's. As these constants lie in every file of weights, the check
 * also finds files that stand in each other's place.
 */
function checkEpsilons(nodes: readonly GraphModelNode[], weights: State): void {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const { op, name, inputs } of nodes) {
    if (op !== 'Rsqrt') continue;
    const added = byName.get(inputs[0] ?? '')?.inputs.map((input) => weights.get(input)?.data[0]) ?? [];
    const epsilon = added.find((value) => value !== undefined);
    if (epsilon !== EPSILON)
      throw new NotMaxim(`node "${name}" has epsilon ${epsilon}, expected 1e-6; files of weights may be exchanged`);
  }
}

function parameterOf(
  constant: string,
  tensor: TensorData,
  { name, op, attributes }: GraphModelNode,
): { name: string; value: TensorData } {
  const unknown = (why: string) =>
    new NotMaxim(`constant "${constant}" ${show(tensor.shape)} belongs to no parameter: ${why}`);
  const start = BACKBONE.exec(name);
  const [end, role] = ROLES.find(([pattern]) => pattern.test(name)) ?? [];
  if (start === null || end === undefined) throw unknown(`it is read by "${name}" (${op})`);
  const path = name.slice(start.index + start[0].length).replace(end, '');
  const value = inFlaxLayout(tensor, role!, op);
  if (value === undefined) throw unknown(`"${name}" (${op}) takes no ${role} of that shape`);
  if (op === 'Einsum' && !DENSE.test(equationOf(attributes))) throw unknown(`"${name}" is not a dense layer`);
  return { name: `${path.replaceAll('/', '.')}.${role}`, value };
}

/** Undoes what the conversion did to a parameter's layout; undefined if the shape is not that of its role. */
function inFlaxLayout(tensor: TensorData, role: 'kernel' | 'bias' | 'scale', op: string): TensorData | undefined {
  const { shape } = tensor;
  if (role !== 'kernel') {
    // Expanded to the axes of what it is added to or multiplied with: all but one have size 1.
    const sizes = shape.filter((size) => size !== 1);
    return sizes.length === 1 ? { ...tensor, shape: sizes } : undefined;
  }
  if (shape.length !== (op === 'Einsum' ? 2 : 4)) return undefined;
  return op === 'Conv2DBackpropInput' ? transposedKernel(tensor) : tensor;
}

/** Kernel of a transposed convolution, from TensorFlow's [h, w, out, in], turned by 180°, to Flax's [h, w, in, out]. */
function transposedKernel({ shape, data }: TensorData): TensorData {
  const [height, width, out, into] = shape as [number, number, number, number];
  const values = new Float32Array(data.length);
  let place = 0;
  for (let y = height - 1; y >= 0; y--)
    for (let x = width - 1; x >= 0; x--)
      for (let i = 0; i < into; i++)
        for (let o = 0; o < out; o++) values[place++] = Number(data[((y * width + x) * out + o) * into + i]);
  return { dtype: 'float32', shape: [height, width, into, out], data: values };
}

function equationOf({ equation }: GraphModelNode['attributes']): string {
  const text = (equation as { s?: unknown } | undefined)?.s;
  return typeof text === 'string' ? Buffer.from(text, 'base64').toString('utf8') : '';
}
