import type { Shape } from '../graph/dim.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import { input, type Tensor } from '../graph/tensor.js';
import { elements, type State, type TensorData } from '../graph/tensor-data.js';
import { trace } from '../graph/trace.js';
import { fnv1a, Random } from '../support/random.js';
import type { Module, Parameter } from './module.js';

/**
 * Initial values for a whole network. Every tensor draws from its own random stream, named by the seed and its path, so
 * adding a layer leaves the others unchanged.
 * @param seed the same seed gives the same bits
 */
export function initialState(parameters: ReadonlyMap<string, Parameter>, seed: number): State {
  return new Map([...parameters].map(([name, parameter]) => [name, initialValue(name, parameter, seed)]));
}

/** Initial value of one tensor of a network, as {@link initialState} gives it. */
export function initialValue(name: string, { shape, dtype, initialise }: Parameter, seed: number): TensorData {
  const data = initialise(elements(shape), new Random(fnv1a(`initial:${seed}:${name}`)));
  return { dtype, shape, data } as TensorData;
}

/**
 * The graph that restores pictures: input "input", output "output", any batch, height and width.
 * @param channels number of channels of the input picture
 */
export function inferenceGraph(network: Module, channels = 3): Graph {
  const x = input('input', ['batch', channels, 'height', 'width'] satisfies Shape);
  network.parameters();
  const { result } = trace('eval', () => network.apply(x));
  return buildGraph({ output: result satisfies Tensor });
}
