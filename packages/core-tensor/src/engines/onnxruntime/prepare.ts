import type { Graph } from '../../graph/graph.js';
import type { State } from '../../graph/tensor-data.js';
import { graphsOf, type Program } from '../executable.js';
import { type EmitOptions, type EmittedModel, emitOnnx } from './emit.js';

/** Emitted models with the values of the state that runs update. */
export interface PreparedModels {
  readonly models: Readonly<Record<string, EmittedModel & { readonly outputs: readonly string[] }>>;
  readonly state: State;
}

/** Emits a program's graphs and gathers the state that its runs update. */
export function prepareModels(program: Program, state: State, options: EmitOptions): PreparedModels {
  const graphs = graphsOf(program);
  const values: State = new Map();
  for (const { updates } of Object.values(graphs))
    for (const name of updates.keys()) {
      const value = state.get(name);
      if (value === undefined) throw new Error(`the graph updates "${name}", which the state lacks`);
      values.set(name, value);
    }
  const live = new Set(values.keys());
  const emit = (graph: Graph) => ({
    ...emitOnnx(graph, state, { ...options, live }),
    outputs: [...graph.outputs.keys()],
  });
  return {
    models: Object.fromEntries(Object.entries(graphs).map(([name, graph]) => [name, emit(graph)])),
    state: values,
  };
}
