import type { Shape } from './dim.js';
import { buildGraph, type Graph } from './graph.js';
import type { Node } from './node.js';
import { input, Tensor } from './tensor.js';

/**
 * The same graph for inputs of other sizes, usually known ones instead of symbolic ones: every shape rule runs again.
 * State tensors stay the same.
 * @param shapes shapes of inputs, by name; the others keep theirs
 * @throws ShapeError where a shape rule rejects the sizes
 */
export function withSizes(graph: Graph, shapes: Readonly<Record<string, Shape>>): Graph {
  const renewed = new Map<Tensor, Tensor>();
  for (const [name, tensor] of graph.inputs)
    renewed.set(tensor, input(name, shapes[name] ?? tensor.shape, tensor.dtype));
  const current = (tensor: Tensor) => renewed.get(tensor) ?? tensor;
  for (const { op, inputs: before, attributes, path, outputs: old } of graph.nodes) {
    const outputs: Tensor[] = [];
    const inputs = before.map(current);
    const node: Node = { op, inputs, attributes, outputs, path };
    for (const [index, { shape, dtype }] of op.infer(inputs, attributes).entries()) {
      outputs.push(new Tensor(shape, dtype, { kind: 'node', node, index }));
      renewed.set(old[index]!, outputs[index]!);
    }
  }
  const outputs = Object.fromEntries([...graph.outputs].map(([name, tensor]) => [name, current(tensor)]));
  const updates = new Map([...graph.updates].map(([name, value]) => [graph.state.get(name)!, current(value)]));
  return buildGraph(outputs, updates);
}
