import {
  compileHere,
  elements,
  float32,
  fnv1a,
  type Graph,
  goldenPicture,
  goldenState,
  inferenceGraph,
  initialValue,
  type Module,
  Random,
  type State,
  shapesOf,
  type TensorData,
} from '@unweather/core-tensor';
import { compare, type GoldenCheck, norm, type Tolerance } from '@unweather/lab';
import { z } from 'zod';
import { type Architecture, CELL_KINDS } from '../../architecture/architecture.js';
import { derive } from '../../architecture/derive.js';

export const OUTPUT: Tolerance = { relative: 1e-4, absolute: 1e-5 };

/** Gain of the weights; default: 1. */
export const Gain = z.number().default(1);

/** Shape of a batch of pictures. */
export const Batch = z.tuple([z.int().positive(), z.int().positive(), z.int().positive(), z.int().positive()]);

/** Cells by their letter, edges by the names of their candidates. */
export const Genotype = z.record(z.string(), z.array(z.string()));

/** Architecture parameters of the golden files: 0.5·(2u − 1), seeded by their name and a suffix. */
export function goldenAlphas(suffix: string): State {
  const table = (name: string, shape: readonly [number, number]): [string, TensorData] => {
    const random = new Random(fnv1a(`${name}${suffix}`));
    const values = Float32Array.from({ length: elements(shape) }, () => 0.5 * (2 * random.uniform() - 1));
    return [name, float32(values, shape)];
  };
  return new Map([table('arch_param', [12, 2]), table('auto_param', [27, 9])]);
}

/** The architecture of a golden file. */
export function goldenArchitecture(suffix: string, changes: Partial<Architecture> = {}): Architecture {
  return { ...derive(goldenAlphas(suffix)), ...changes };
}

/** Architecture in the golden files' notation. */
export function genotypeOf({ cells, edges }: Architecture): Record<string, string[]> {
  const letters = cells.map((stage, i) => [`stage${i + 2}`, stage.map((kind) => (kind === CELL_KINDS[0] ? 'H' : 'F'))]);
  return Object.fromEntries([...letters, ...edges.map((stage, i) => [`auto${i + 1}`, stage.flat()])]);
}

/** Golden weights of a network. */
export function weightsOf(network: Module, gain: number): State {
  const parameters = network.parameters();
  return goldenState(shapesOf(parameters), gain, (name) => initialValue(name, parameters.get(name)!, 0));
}

/** Runs a network on a golden picture. */
export async function restored(network: Module, state: State, name: string, shape: readonly number[]) {
  const executable = await compileHere(inferenceGraph(network), state);
  try {
    return (await executable.run({ input: goldenPicture('input', name, shape) })).output!;
  } finally {
    await executable.dispose();
  }
}

/** Runs a graph once. */
export async function once(
  graph: Graph,
  feeds: Readonly<Record<string, TensorData>>,
  state: State = new Map(),
): Promise<Record<string, TensorData>> {
  const executable = await compileHere(graph, state, { rewrite: false });
  try {
    return await executable.run(feeds);
  } finally {
    await executable.dispose();
  }
}

/** Repeats every picture of a batch three times in a row. */
export function tripled({ data, shape }: TensorData): TensorData {
  const size = elements(shape.slice(1));
  const values = new Float32Array(3 * data.length);
  for (let i = 0; i < 3 * shape[0]!; i++) {
    const from = Math.floor(i / 3) * size;
    values.set(data.subarray(from, from + size) as Float32Array, i * size);
  }
  return float32(values, [3 * shape[0]!, ...shape.slice(1)]);
}

/** Compares named numbers with those of a file, under one tolerance. */
export function numbers(
  quantity: string,
  expected: Readonly<Record<string, number>>,
  got: Readonly<Record<string, number | undefined>>,
  tolerance: Tolerance,
): GoldenCheck {
  return {
    quantity,
    ...compare(
      Object.entries(expected),
      (name) => got[name],
      () => tolerance,
    ),
  };
}

/** Norms of tensors, by name. */
export function norms(state: State): Record<string, number> {
  return Object.fromEntries([...state].map(([name, value]) => [name, norm(value)!]));
}
