import type { Node } from './node.js';
import type { Tensor } from './tensor.js';

/** Everything needed to compute some outputs; nodes are in an order in which they can be computed. */
export interface Graph {
  readonly nodes: readonly Node[];
  /** Tensors fed at every run, by name. */
  readonly inputs: ReadonlyMap<string, Tensor>;
  /** State tensors that are read or updated, by name. */
  readonly state: ReadonlyMap<string, Tensor>;
  readonly outputs: ReadonlyMap<string, Tensor>;
  /** State name → its value after the run. State that is not updated is constant and may be written into the graph. */
  readonly updates: ReadonlyMap<string, Tensor>;
}

/**
 * Collects all nodes, inputs and state that the outputs and updates depend on.
 * @param updates state tensor → its new value.
 * @throws Error when two inputs or two state tensors share a name.
 */
export function buildGraph(
  outputs: Readonly<Record<string, Tensor>>,
  updates: ReadonlyMap<Tensor, Tensor> = new Map(),
): Graph {
  const { nodes, leaves } = ancestors([...Object.values(outputs), ...updates.values(), ...updates.keys()]);
  const inputs = new Map<string, Tensor>();
  const state = new Map<string, Tensor>();
  for (const leaf of leaves) {
    if (leaf.source.kind === 'input') addNamed(inputs, leaf.source.name, leaf);
    else if (leaf.source.kind === 'state') addNamed(state, leaf.source.name, leaf);
  }
  const renewed = new Map<string, Tensor>();
  for (const [leaf, value] of updates) {
    if (leaf.source.kind !== 'state') throw new Error('only state tensors can be updated');
    addNamed(renewed, leaf.source.name, value);
  }
  return { nodes, inputs, state, outputs: new Map(Object.entries(outputs)), updates: renewed };
}

/**
 * Collects every node and leaf tensor that the targets depend on; each node comes after those it uses.
 * @param known says which tensors to treat as leaves even if a node computes them
 */
export function ancestors(
  targets: readonly Tensor[],
  known: Pick<ReadonlySet<Tensor>, 'has'> = new Set(),
): { nodes: Node[]; leaves: Set<Tensor> } {
  const nodes: Node[] = [];
  const leaves = new Set<Tensor>();
  const entered = new Set<Node>();
  // An explicit stack: a training step is thousands of nodes deep. A node is pushed twice, to be entered and then left.
  const stack: (Tensor | Node)[] = [...targets].reverse();
  while (stack.length > 0) {
    const item = stack.pop()!;
    if ('op' in item) {
      nodes.push(item);
    } else if (item.source.kind !== 'node' || known.has(item)) {
      leaves.add(item);
    } else if (!entered.has(item.source.node)) {
      const { node } = item.source;
      entered.add(node);
      stack.push(node);
      for (let i = node.inputs.length - 1; i >= 0; i--) stack.push(node.inputs[i]!);
    }
  }
  return { nodes, leaves };
}

function addNamed(map: Map<string, Tensor>, name: string, tensor: Tensor): void {
  if (map.has(name)) throw new Error(`two tensors of a graph are called "${name}"`);
  map.set(name, tensor);
}
