import type { Graph } from '../graph/graph.js';
import type { State, TensorData } from '../graph/tensor-data.js';

/**
 * Input of an engine: one graph, called "main", or several by name that read and update one state (the weight step and
 * the architecture step of a search).
 */
export type Program = Graph | Readonly<Record<string, Graph>>;

/** Returns the graphs of a program by name. */
export function graphsOf(program: Program): Readonly<Record<string, Graph>> {
  return 'nodes' in program && Array.isArray(program.nodes)
    ? { main: program as Graph }
    : (program as Record<string, Graph>);
}

/** A program that an engine is ready to run, with the state that it reads and updates. */
export interface Executable {
  /**
   * Runs a graph once and replaces the state by the updated one.
   * @param graph name of the graph, if the program has several
   * @returns the graph's outputs, by name
   * @throws UserError when an input is missing or its shape does not fit the graph
   */
  run(inputs: Readonly<Record<string, TensorData>>, graph?: string): Promise<Record<string, TensorData>>;
  /** Returns a copy of the state that runs update (weights, statistics, moments), by name. */
  state(): Promise<State>;
  /** Frees the engine's memory; the executable cannot run afterwards. */
  dispose(): Promise<void>;
}
