import type { Graph } from '../../graph/graph.js';
import type { Tensor } from '../../graph/tensor.js';
import type { State, TensorData } from '../../graph/tensor-data.js';
import type { TfTensor } from '../../graph/tfjs-target.js';
import { UserError } from '../../support/error.js';
import type { Executable } from '../executable.js';
import type { Tf, TfValue } from './api.js';
import { execute, fromTf, toTf } from './execute.js';

/**
 * Opens a graph that updates no state on TensorFlow.js, in this thread.
 * @param state values of every state tensor of the graph, by name
 */
export function openTfjsInference(tf: Tf, graph: Graph, state: State): Executable {
  const weights = new Map<Tensor, TfTensor>();
  for (const [name, tensor] of graph.state) weights.set(tensor, toTf(tf, stateValue(state, name)));
  return {
    async run(inputs) {
      return tf.tidy(() => {
        const values = new Map(weights);
        feed(tf, graph.inputs, inputs, values);
        execute(tf, [...graph.outputs.values()], values);
        return Object.fromEntries([...graph.outputs].map(([name, tensor]) => [name, fromTf(values.get(tensor)!)]));
      });
    },
    state: async () => new Map(),
    async dispose() {
      for (const tensor of weights.values()) (tensor as TfValue).dispose();
    },
  };
}

/** Adds a run's inputs to the values. @throws UserError when one is missing */
export function feed(
  tf: Tf,
  named: ReadonlyMap<string, Tensor>,
  inputs: Readonly<Record<string, TensorData>>,
  values: Map<Tensor, TfTensor>,
): void {
  for (const [name, tensor] of named) {
    const value = inputs[name];
    if (value === undefined) throw new UserError(`input "${name}" is missing; feed a tensor of that name`);
    values.set(tensor, toTf(tf, value));
  }
}

export function stateValue(state: State, name: string): TensorData {
  const value = state.get(name);
  if (value === undefined) throw new Error(`the graph reads "${name}", which the state lacks`);
  return value;
}
