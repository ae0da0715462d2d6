import type { Shape } from '../graph/dim.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import { input, type Tensor } from '../graph/tensor.js';
import { elements, type State } from '../graph/tensor-data.js';
import { trace } from '../graph/trace.js';
import { fnv1a, Random } from '../support/random.js';
import type { Module, Parameter } from './module.js';

/**
 * Initial values for a whole network. Every tensor draws from its own random stream, named by the seed and its path, so
 * adding a layer leaves the others unchanged.
 * @param seed the same seed gives the same bits
 */
export function initialState(parameters: ReadonlyMap<string, Parameter>, seed: number): State {
  const state: State = new Map();
  for (const [name, { shape, dtype, initialise }] of parameters) {
    const data = initialise(elements(shape), new Random(fnv1a(`initial:${seed}:${name}`)));
    state.set(name, { dtype, shape, data } as typeof state extends Map<string, infer T> ? T : never);
  }
  return state;
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
