import type { Graph } from '../graph/graph.js';
import type { OnnxTarget } from '../graph/onnx-target.js';
import type { Tensor } from '../graph/tensor.js';
import { ELEMENTWISE } from './elementwise.js';
import { SHAPES } from './shapes.js';
import { SPATIAL } from './spatial.js';
import type { Attributes, Kernel, Value } from './values.js';

const KERNELS: Readonly<Record<string, Kernel>> = { ...ELEMENTWISE, ...SHAPES, ...SPATIAL };

/** A lowering target that computes each node immediately, in float64: lowerings get a meaning without any runtime. */
class Evaluator implements OnnxTarget {
  readonly device = 'cpu';
  /** Values by name; an omitted optional input is called '' and has no elements. */
  readonly values = new Map<string, Value>([['', { shape: [0], data: new Float64Array() }]]);
  private counter = 0;

  node(opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.results(1, opType, inputs, attributes)[0]!;
  }

  results(count: number, opType: string, inputs: readonly string[], attributes: Attributes = {}): string[] {
    const kernel = KERNELS[opType];
    if (kernel === undefined) throw new Error(`the reference has no operator ${opType}`);
    const values = inputs.map((name) => this.values.get(name)!);
    return kernel(values, attributes)
      .slice(0, count)
      .map((value) => this.keep(value));
  }

  constant(values: readonly number[] | Float32Array, shape: readonly number[]): string {
    return this.keep({ shape, data: Float64Array.from(values) });
  }

  ints(values: readonly number[]): string {
    return this.constant(values, [values.length]);
  }

  shapeOf(name: string): string {
    return this.ints(this.values.get(name)!.shape);
  }

  keep(value: Value): string {
    const name = `value${this.counter++}`;
    this.values.set(name, value);
    return name;
  }
}

/**
 * Runs a graph in float64 with plain loops: slow, but as precise as central differences need.
 * @param feeds values of its inputs and state, by name
 */
export function evaluate64(graph: Graph, feeds: Readonly<Record<string, Value>>): Record<string, Value> {
  const target = new Evaluator();
  const names = new Map<Tensor, string>();
  for (const [name, tensor] of [...graph.inputs, ...graph.state]) names.set(tensor, target.keep(feeds[name]!));
  const nameOf = (tensor: Tensor) => {
    const known = names.get(tensor);
    if (known !== undefined) return known;
    if (tensor.source.kind !== 'constant') throw new Error('a tensor was used before it was made');
    return target.constant(tensor.source.values, tensor.shape as number[]);
  };
  for (const node of graph.nodes)
    for (const [i, name] of node.op.onnx(target, node.inputs.map(nameOf), node.attributes, node).entries())
      names.set(node.outputs[i]!, name);
  return Object.fromEntries([...graph.outputs].map(([name, tensor]) => [name, target.values.get(nameOf(tensor))!]));
}
