import { ancestors } from '../../graph/graph.js';
import type { Tensor } from '../../graph/tensor.js';
import type { TensorData } from '../../graph/tensor-data.js';
import type { TfTensor } from '../../graph/tfjs-target.js';
import type { Tf, TfValue } from './api.js';

/**
 * Computes tensors of a graph with TensorFlow.js, node by node.
 * @param values inputs and state on entry; every computed tensor is added
 * @throws Error for an operation that has no TensorFlow.js lowering (those that only gradients use)
 */
export function execute(tf: Tf, targets: readonly Tensor[], values: Map<Tensor, TfTensor>): void {
  const { nodes, leaves } = ancestors(targets, values);
  for (const leaf of leaves) {
    if (values.has(leaf)) continue;
    if (leaf.source.kind !== 'constant') throw new Error('an input or a state tensor has no value');
    values.set(leaf, constantOf(tf, leaf));
  }
  for (const { op, inputs, outputs, attributes, ...rest } of nodes) {
    let results: readonly TfTensor[];
    if (op.tfjs) {
      const given = inputs.map((tensor) => values.get(tensor)!);
      results = op.tfjs(tf, given, attributes, { op, inputs, outputs, attributes, ...rest });
    } else if (op.decompose) {
      const parts = op.decompose(inputs, attributes);
      execute(tf, parts, values);
      results = parts.map((part) => values.get(part)!);
    } else throw new Error(`operation "${op.name}" has no TensorFlow.js lowering`);
    for (const [i, output] of outputs.entries()) values.set(output, results[i]!);
  }
}

function constantOf(tf: Tf, { source, shape, dtype }: Tensor): TfTensor {
  const list = source.kind === 'constant' ? source.values : [];
  return dtype === 'int64'
    ? tf.tensor(Int32Array.from(list), shape as number[], 'int32')
    : tf.tensor(Float32Array.from(list), shape as number[], 'float32');
}

/** Converts numbers to a TensorFlow.js tensor; int64 becomes int32. */
export function toTf(tf: Tf, { dtype, data, shape }: TensorData): TfTensor {
  return dtype === 'int64'
    ? tf.tensor(Int32Array.from(data, Number), shape, 'int32')
    : tf.tensor(data, shape, 'float32');
}

/** Converts a TensorFlow.js tensor to numbers; int32 becomes int64. */
export function fromTf(value: TfTensor): TensorData {
  const numbers = (value as TfValue).dataSync();
  return value.dtype === 'int32'
    ? { dtype: 'int64', shape: value.shape, data: BigInt64Array.from(numbers, (number) => BigInt(number)) }
    : { dtype: 'float32', shape: value.shape, data: Float32Array.from(numbers) };
}
