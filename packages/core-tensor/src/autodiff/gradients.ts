import { show } from '../graph/dim.js';
import { ancestors, type Graph } from '../graph/graph.js';
import { type Node, ShapeError } from '../graph/node.js';
import { constant, type Tensor } from '../graph/tensor.js';
import { add } from '../ops/add.js';

/**
 * Reverse-mode differentiation on the graph: the gradients are tensors of the same graph.
 * @param loss a tensor of one element
 * @param parameters the tensors to differentiate by
 * @returns one gradient per parameter, shaped like it; undefined where the loss does not depend on it (PyTorch's
 * "gradient is None")
 * @throws ShapeError when the loss has more than one element
 */
export function gradients(loss: Tensor, parameters: readonly Tensor[]): (Tensor | undefined)[] {
  if (loss.shape.some((size) => size !== 1))
    throw new ShapeError(`a loss must have exactly one element, got ${show(loss.shape)}`);
  const one = constant(
    [1],
    loss.shape.map(() => 1),
  );
  const collected = pullBack(new Map([[loss, one]]), parameters);
  return parameters.map((parameter) => collected.get(parameter));
}

/**
 * Propagates gradients back from some tensors to others.
 * @param seeds tensor → gradient of the loss by it
 * @returns gradients of every tensor on the way, including the wanted ones; propagation stops there
 */
function pullBack(seeds: ReadonlyMap<Tensor, Tensor>, wanted: readonly Tensor[]): Map<Tensor, Tensor> {
  const { nodes } = ancestors([...seeds.keys()], new Set(wanted));
  const needed = dependents(nodes, wanted);
  const collected = new Map(seeds);
  for (const node of nodes.reverse()) {
    const upstream = node.outputs.map((output) => collected.get(output));
    const flags = node.inputs.map((tensor) => needed.has(tensor));
    if (!flags.includes(true) || upstream.every((gradient) => gradient === undefined)) continue;
    for (const [index, gradient] of throughNode(node, upstream, flags).entries()) {
      if (gradient === undefined || !flags[index]) continue;
      const tensor = node.inputs[index]!;
      const sofar = collected.get(tensor);
      collected.set(tensor, sofar === undefined ? gradient : add(sofar, gradient));
    }
  }
  return collected;
}

/** Gradients with respect to a node's inputs, by its gradient rule or else through its decomposition. */
function throughNode(
  { op, inputs, outputs, attributes }: Node,
  upstream: readonly (Tensor | undefined)[],
  needed: readonly boolean[],
): readonly (Tensor | undefined)[] {
  if (op.gradient) return op.gradient({ inputs, outputs, attributes, upstream, needed });
  if (!op.decompose) return [];
  const parts = op.decompose(inputs, attributes);
  const seeds = new Map<Tensor, Tensor>();
  for (const [index, gradient] of upstream.entries()) if (gradient) seeds.set(parts[index]!, gradient);
  const collected = pullBack(
    seeds,
    inputs.filter((_, index) => needed[index]),
  );
  return inputs.map((tensor) => collected.get(tensor));
}

/** Every tensor through which a gradient must flow to reach a parameter. */
function dependents(nodes: Graph['nodes'], parameters: readonly Tensor[]): Set<Tensor> {
  const needed = new Set<Tensor>(parameters);
  for (const node of nodes)
    if ((node.op.gradient || node.op.decompose) && node.inputs.some((tensor) => needed.has(tensor)))
      for (const output of node.outputs) needed.add(output);
  return needed;
}
