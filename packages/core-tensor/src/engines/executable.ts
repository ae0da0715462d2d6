import type { State, TensorData } from '../graph/tensor-data.js';

/** A graph made ready to run on some engine, together with the state it reads and renews. */
export interface Executable {
  /**
   * Runs the graph once and puts the renewed state in the place of the old.
   * @returns the graph's outputs, by name
   * @throws UserError when an input is missing or its shape does not fit the graph
   */
  run(inputs: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>>;
  /** A copy of the state that runs renew (weights, statistics, moments), by name. */
  state(): Promise<State>;
  /** Frees the engine's memory; the executable cannot run afterwards. */
  dispose(): Promise<void>;
}
