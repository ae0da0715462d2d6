import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from 'onnx-buf';
import { show } from '../../graph/dim.js';
import type { OnnxAttribute, OnnxTarget } from '../../graph/onnx-target.js';
import type { DType, Tensor } from '../../graph/tensor.js';

export const DATA_TYPES: Readonly<Record<DType, DataType>> = { float32: DataType.FLOAT, int64: DataType.INT64 };

/** Collects ONNX nodes and constants while a graph's operations are lowered one by one. */
export class OnnxBuilder implements OnnxTarget {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly domains = new Set<string>(['']);
  /** Path of the module being lowered; a prefix of its nodes' names, so that profiles are readable. */
  scope = '';
  readonly device: OnnxTarget['device'];
  private readonly shared = new Map<string, string>();
  /** Names of int64 vectors that were computed from shapes alone; equal computations share one node. */
  private readonly sizes = new Set<string>();
  private counter = 0;

  constructor(device: OnnxTarget['device'] = 'cpu') {
    this.device = device;
  }

  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): string {
    if (inputs.length === 0 || !inputs.every((name) => this.sizes.has(name)))
      return this.add(1, opType, inputs, attributes, domain)[0]!;
    return this.size(
      `${opType}(${inputs})${JSON.stringify(attributes)}`,
      () => this.add(1, opType, inputs, attributes, domain)[0]!,
    );
  }

  results(
    count: number,
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string[] {
    return this.add(count, opType, inputs, attributes, '');
  }

  constant(values: readonly number[] | Float32Array, shape: readonly number[], dtype: DType = 'float32'): string {
    // Small constants (axes, epsilons, shapes) recur hundreds of times in a training step.
    const key = values.length <= 16 ? `${dtype}[${shape}]${[...values].map(exact)}` : undefined;
    const known = key === undefined ? undefined : this.shared.get(key);
    if (known !== undefined) return known;
    const name = this.fresh('constant');
    const data =
      dtype === 'int64' ? BigInt64Array.from(values as readonly number[], BigInt) : Float32Array.from(values);
    this.initializer(name, shape, dtype, data);
    if (key !== undefined) this.shared.set(key, name);
    return name;
  }

  ints(values: readonly number[]): string {
    const name = this.constant(values, [values.length], 'int64');
    this.sizes.add(name);
    return name;
  }

  shapeOf(name: string, tensor: Tensor): string {
    const { shape } = tensor;
    if (shape.every((size) => typeof size === 'number')) return this.ints(shape);
    // Equal expressions stand for equal sizes, of whichever tensor.
    return this.size(show(shape), () => this.add(1, 'Shape', [name], {}, '')[0]!);
  }

  /** Computes a vector of sizes once. */
  private size(key: string, compute: () => string): string {
    const name = this.shared.get(key) ?? compute();
    this.shared.set(key, name);
    this.sizes.add(name);
    return name;
  }

  /** Adds a tensor whose values are stored in the model. */
  initializer(name: string, shape: readonly number[], dtype: DType, data: Float32Array | BigInt64Array): void {
    const rawData = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    this.initializers.push(
      create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType: DATA_TYPES[dtype], rawData }),
    );
  }

  private add(
    count: number,
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>>,
    domain: string,
  ): string[] {
    const output = Array.from({ length: count }, () => this.fresh(opType));
    // Results have short names: onnxruntime's planner looks them up millions of times in a graph of thousands of nodes.
    const name = this.scope === '' ? output[0]! : `${this.scope}/${output[0]!}`;
    this.domains.add(domain);
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    this.nodes.push(create(NodeProtoSchema, { name, opType, domain, input: [...inputs], output, attribute }));
    return output;
  }

  private fresh(kind: string): string {
    this.counter++;
    return `${kind}_${this.counter}`;
  }
}

function attributeProto(name: string, value: OnnxAttribute): AttributeProto {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

/** Formats a number, distinguishing 0 from −0. */
function exact(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
