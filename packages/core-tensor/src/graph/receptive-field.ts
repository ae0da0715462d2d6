import type { Graph } from './graph.js';
import type { Node } from './node.js';
import type { Tensor } from './tensor.js';

/**
 * Places of one tensor that place i of another depends on, along height and along width: i·scale − back to
 * i·scale + ahead. Places beyond the border stand for the padding there.
 */
export interface FieldWindow {
  readonly scale: number;
  readonly back: number;
  readonly ahead: number;
}

/** Places of an input, along its last two axes, that one place of an operation's results depends on. */
export type Field =
  /** The same place. */
  | 'pointwise'
  | FieldWindow
  /** Any place, or places that depend on values. */
  | 'whole'
  /** No place: only the shape of the input is used. */
  | 'unused';

/** One field for all inputs of an operation, or the field of each of them, in order. */
export type Fields = Field | readonly Field[];

/** The fields of an operation, or a rule that finds them from its attributes and shapes. */
export type ReceptiveField<A> = Fields | ((attributes: A, node: Node) => Fields);

/** Receptive field of a tensor in the input of a graph. */
export type FieldInSource = FieldWindow | 'whole';

/** The receptive field of every tensor that depends on `source`, an input of the graph. */
export function receptiveFieldsIn(graph: Graph, source: Tensor): ReadonlyMap<Tensor, FieldInSource> {
  const fields = new Map<Tensor, FieldInSource>([[source, { scale: 1, back: 0, ahead: 0 }]]);
  for (const node of graph.nodes) {
    const field = unionOverInputs(node, fields);
    if (field !== undefined) for (const output of node.outputs) fields.set(output, field);
  }
  return fields;
}

function unionOverInputs(node: Node, fields: ReadonlyMap<Tensor, FieldInSource>): FieldInSource | undefined {
  const { receptiveField } = node.op;
  const declared = typeof receptiveField === 'function' ? receptiveField(node.attributes, node) : receptiveField;
  let all: FieldInSource | undefined;
  for (const [i, tensor] of node.inputs.entries()) {
    const before = fields.get(tensor);
    const field = isPerInput(declared) ? declared[i]! : declared;
    if (before === undefined || field === 'unused') continue;
    const after = compose(before, field);
    all = all === undefined ? after : union(all, after);
  }
  return all;
}

function isPerInput(declared: Fields): declared is readonly Field[] {
  return Array.isArray(declared);
}

function compose(before: FieldInSource, field: Exclude<Field, 'unused'>): FieldInSource {
  if (field === 'pointwise') return before;
  if (before === 'whole' || field === 'whole') return 'whole';
  return {
    scale: before.scale * field.scale,
    back: before.back + field.back * before.scale,
    ahead: before.ahead + field.ahead * before.scale,
  };
}

function union(a: FieldInSource, b: FieldInSource): FieldInSource {
  if (a === 'whole' || b === 'whole' || a.scale !== b.scale) return 'whole';
  return { scale: a.scale, back: Math.max(a.back, b.back), ahead: Math.max(a.ahead, b.ahead) };
}
