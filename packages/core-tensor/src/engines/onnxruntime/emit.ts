import { create, toBinary } from '@bufbuild/protobuf';
import {
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { Device } from '../../graph/device.js';
import { ancestors, type Graph } from '../../graph/graph.js';
import type { Node } from '../../graph/node.js';
import type { Tensor } from '../../graph/tensor.js';
import type { State } from '../../graph/tensor-data.js';
import { DATA_TYPES, OnnxBuilder } from './builder.js';
import { PASSES } from './passes/index.js';

/** Opset 20 adds GELU, 19 deformable convolutions; every later opset runs them. It goes with IR version 9. */
const OPSET = 20;
const IR_VERSION = 9n;

/** A graph as an ONNX model, with the names under which it is fed and read. */
export interface EmittedModel {
  readonly bytes: Uint8Array;
  /** State that is fed and read back at every run: name → name of its updated value. */
  readonly carried: ReadonlyMap<string, string>;
  /** Number of nodes. */
  readonly nodes: number;
}

export interface EmitOptions {
  /** Names of state that other graphs update: inputs, not constants. */
  readonly live?: ReadonlySet<string>;
  /** Device that will run the model; default: cpu. */
  readonly device?: Device;
  /** Names of passes to leave out; see passes/. Exported files are written without any. */
  readonly withoutPasses?: readonly string[] | 'all';
  /** Texts stored in the model. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Lowers a graph to an ONNX model. State that the graph updates becomes an input and an output; all other state is
 * written into the model as constants, so that the runtime can rearrange it.
 * @throws Error when constant state is missing from `state`
 */
export function emitOnnx(graph: Graph, state: State, options: EmitOptions = {}): EmittedModel {
  const { live = new Set<string>(), metadata = {}, device = 'cpu', withoutPasses = [] } = options;
  const builder = new OnnxBuilder(device);
  const passes = PASSES.filter(
    ({ name, devices }) => devices.includes(device) && withoutPasses !== 'all' && !withoutPasses.includes(name),
  );
  const names = new Map<Tensor, string>();
  const inputs: ValueInfoProto[] = [];
  for (const [name, tensor] of graph.inputs) {
    names.set(tensor, name);
    inputs.push(valueInfo(name, tensor));
  }
  for (const [name, tensor] of graph.state) {
    names.set(tensor, name);
    if (graph.updates.has(name) || live.has(name)) {
      inputs.push(valueInfo(name, tensor));
      continue;
    }
    const value = state.get(name);
    if (value === undefined) throw new Error(`the graph reads "${name}", which the state lacks`);
    builder.initializer(name, value.shape, value.dtype, value.data);
  }
  const nameOf = (tensor: Tensor) => names.get(tensor) ?? leafConstant(builder, names, tensor);
  const lower = (node: Node) => {
    const rewritten = node.op.faultyOn?.includes(device)
      ? node.op.decompose(node.inputs, node.attributes)
      : first(passes, (pass) => pass.rewrite(node));
    let results: readonly string[];
    if (rewritten) {
      for (const inner of ancestors(rewritten, names).nodes) lower(inner);
      results = rewritten.map(nameOf);
    } else {
      builder.scope = node.path;
      results = node.op.onnx(builder, node.inputs.map(nameOf), node.attributes, node);
    }
    for (const [index, output] of node.outputs.entries()) names.set(output, results[index]!);
  };
  for (const node of graph.nodes) lower(node);
  builder.scope = '';
  const outputs: ValueInfoProto[] = [];
  const made = new Set(builder.nodes.flatMap(({ output }) => output));
  const renamed = new Map<string, string>();
  // Each output gets its requested name: a node's result is renamed, anything else goes through an Identity.
  const publish = (name: string, tensor: Tensor) => {
    const source = nameOf(tensor);
    if (made.has(source) && !renamed.has(source)) renamed.set(source, name);
    else
      builder.nodes.push(
        create(NodeProtoSchema, { name: `${name}_out`, opType: 'Identity', input: [source], output: [name] }),
      );
    outputs.push(valueInfo(name, tensor));
  };
  const carried = new Map([...graph.updates.keys()].map((name) => [name, `next.${name}`]));
  for (const [name, tensor] of graph.outputs) publish(name, tensor);
  for (const [name, tensor] of graph.updates) publish(carried.get(name)!, tensor);
  for (const node of builder.nodes) {
    node.input = node.input.map((name) => renamed.get(name) ?? name);
    node.output = node.output.map((name) => renamed.get(name) ?? name);
  }
  return {
    bytes: toBinary(ModelProtoSchema, model(builder, inputs, outputs, metadata)),
    carried,
    nodes: builder.nodes.length,
  };
}

/** Returns the first result that is not undefined. */
function first<T, R>(items: readonly T[], run: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = run(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

function model(
  builder: OnnxBuilder,
  input: ValueInfoProto[],
  output: ValueInfoProto[],
  metadata: Readonly<Record<string, string>>,
): ModelProto {
  return create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'unweather',
    opsetImport: [...builder.domains].map((domain) => ({ domain, version: domain === '' ? BigInt(OPSET) : 1n })),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: { name: 'graph', node: builder.nodes, initializer: builder.initializers, input, output },
  });
}

function leafConstant(builder: OnnxBuilder, names: Map<Tensor, string>, tensor: Tensor): string {
  const { source, shape, dtype } = tensor;
  if (source.kind !== 'constant') throw new Error(`a tensor of kind ${source.kind} was used before it was made`);
  const name = builder.constant(source.values, shape as number[], dtype);
  names.set(tensor, name);
  return name;
}

function valueInfo(name: string, tensor: Tensor): ValueInfoProto {
  const dim = tensor.shape.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  );
  const value = { elemType: DATA_TYPES[tensor.dtype], shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } });
}
