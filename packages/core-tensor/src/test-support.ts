import { readFileSync } from 'node:fs';
import { gradients } from './autodiff/gradients.js';
import { compileHere } from './engines/onnxruntime/compile.js';
import { buildGraph, type Graph } from './graph/graph.js';
import { constant, input, type Tensor } from './graph/tensor.js';
import { elements, float32, type TensorData } from './graph/tensor-data.js';
import { mul } from './ops/mul.js';
import { reshape } from './ops/reshape.js';
import { sum } from './ops/sum.js';

export { temporaryFolder } from '../../../vitest/folder.js';

/** A golden file of this package. */
export function golden<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../goldens/${file}`, import.meta.url), 'utf8')) as T;
}

/** Runs a function of tensors on numbers. */
export async function evaluate(
  build: (...inputs: Tensor[]) => Record<string, Tensor>,
  values: readonly TensorData[],
): Promise<Record<string, TensorData>> {
  const inputs = values.map(({ shape, dtype }, i) => input(`x${i}`, shape, dtype));
  const executable = await compileHere(buildGraph(build(...inputs)), new Map(), { threads: 1 });
  try {
    const needed = Object.fromEntries(values.map((value, i) => [`x${i}`, value]));
    return await executable.run(needed);
  } finally {
    await executable.dispose();
  }
}

/** Graph of an operation's output, Σ output · cos(i) as "loss", and its gradients "g0", "g1", … by each input. */
export function lossAndGradients(
  operation: (...inputs: Tensor[]) => Tensor,
  shapes: readonly (readonly number[])[],
): Graph {
  return buildGraph(
    lossOutputs(
      operation,
      shapes.map((shape, i) => input(`x${i}`, shape)),
    ),
  );
}

/** An operation's output and Σ output · cos(i), of given tensors. */
export function lossTensors(operation: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[]) {
  const output = operation(...inputs);
  const count = elements(output.shape as number[]);
  const weights = constant(
    Float32Array.from({ length: count }, (_, i) => Math.cos(i)),
    [count],
  );
  return { minimise: sum(mul(reshape(output, [-1]), weights)), outputs: { output } };
}

function lossOutputs(operation: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[]): Record<string, Tensor> {
  const {
    minimise: loss,
    outputs: { output },
  } = lossTensors(operation, inputs);
  const found = gradients(loss, inputs);
  const named = found.flatMap((gradient, i) => (gradient ? [[`g${i}`, gradient] as const] : []));
  // Inputs are outputs too, so that an unused one is still fed.
  return { output, loss, ...Object.fromEntries(named), ...Object.fromEntries(inputs.map((x, i) => [`same${i}`, x])) };
}

/** Computes an operation's output and the gradients of Σ output · cos(i) by each input, with onnxruntime. */
export async function valueAndGradients(
  operation: (...inputs: Tensor[]) => Tensor,
  values: readonly TensorData[],
): Promise<{ output: TensorData; loss: number; gradients: (TensorData | undefined)[] }> {
  const results = await evaluate((...inputs) => lossOutputs(operation, inputs), values);
  return {
    output: results.output!,
    loss: Number(results.loss!.data[0]),
    gradients: values.map((_, i) => results[`g${i}`]),
  };
}

/** Input values of the golden operations: 1.7·sin(1 + i + 10·number). */
export function filling(shape: readonly number[], number: number): TensorData {
  const count = shape.reduce((a, b) => a * b, 1);
  return float32(
    Float32Array.from({ length: count }, (_, i) => Math.sin(1 + i + 10 * number) * 1.7),
    shape,
  );
}
