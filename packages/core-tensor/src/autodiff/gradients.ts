import { show } from '../graph/dim.js';
import { ancestors, type Graph } from '../graph/graph.js';
import { ShapeError } from '../graph/node.js';
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
  if (loss.shape.some((size) => size !== 1)) throw new ShapeError(`a loss has one element, got ${show(loss.shape)}`);
  const { nodes } = ancestors([loss]);
  const needed = dependents(nodes, parameters);
  const collected = new Map<Tensor, Tensor>([
    [
      loss,
      constant(
        [1],
        loss.shape.map(() => 1),
      ),
    ],
  ]);
  for (const node of [...nodes].reverse()) {
    const upstream = node.outputs.map((output) => collected.get(output));
    const wanted = node.inputs.map((tensor) => needed.has(tensor));
    if (!node.op.gradient || !wanted.includes(true) || upstream.every((gradient) => gradient === undefined)) continue;
    const results = node.op.gradient({
      inputs: node.inputs,
      outputs: node.outputs,
      attributes: node.attributes,
      upstream,
      needed: wanted,
    });
    for (const [index, gradient] of results.entries()) {
      if (gradient === undefined || !wanted[index]) continue;
      const tensor = node.inputs[index]!;
      const sofar = collected.get(tensor);
      collected.set(tensor, sofar === undefined ? gradient : add(sofar, gradient));
    }
  }
  return parameters.map((parameter) => collected.get(parameter));
}

/** Every tensor through which a gradient must flow to reach a parameter. */
function dependents(nodes: Graph['nodes'], parameters: readonly Tensor[]): Set<Tensor> {
  const needed = new Set<Tensor>(parameters);
  for (const node of nodes)
    if (node.op.gradient && node.inputs.some((tensor) => needed.has(tensor)))
      for (const output of node.outputs) needed.add(output);
  return needed;
}
