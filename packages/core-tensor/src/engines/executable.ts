import type { Graph } from '../graph/graph.js';
import type { State, TensorData } from '../graph/tensor-data.js';

/**
 * What an engine makes ready to run: one graph, called "main", or several by name that read and renew one state (the
 * weight step and the architecture step of a search).
 */
export type Program = Graph | Readonly<Record<string, Graph>>;

/** The graphs of a program by name. */
export function graphsOf(program: Program): Readonly<Record<string, Graph>> {
  return 'nodes' in program && Array.isArray(program.nodes)
    ? { main: program as Graph }
    : (program as Record<string, Graph>);
}

/** A program made ready to run on some engine, together with the state it reads and renews. */
export interface Executable {
  /**
   * Runs a graph once and puts the renewed state in the place of the old.
   * @param graph which one, where the program has several
   * @returns the graph's outputs, by name
   * @throws UserError when an input is missing or its shape does not fit the graph
   */
  run(inputs: Readonly<Record<string, TensorData>>, graph?: string): Promise<Record<string, TensorData>>;
  /** A copy of the state that runs renew (weights, statistics, moments), by name. */
  state(): Promise<State>;
  /** Frees the engine's memory; the executable cannot run afterwards. */
  dispose(): Promise<void>;
}
