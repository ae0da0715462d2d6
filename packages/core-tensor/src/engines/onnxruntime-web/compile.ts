import type { Graph } from '../../graph/graph.js';
import type { State } from '../../graph/tensor-data.js';
import type { Executable } from '../executable.js';
import { prepareModels } from '../onnxruntime/prepare.js';
import { openInThread } from '../thread/open-in-thread.js';

/** Options of {@link compileWasm}. */
export interface WasmOptions {
  /** Threads per operation; default: the cores that the process may use. */
  readonly threads?: number;
}

/**
 * Compiles a graph with onnxruntime-web's WebAssembly, in Node, in its own worker thread.
 * @param state values of every state tensor of the graph, by name
 * @throws UserError naming an operator that onnxruntime-web lacks
 */
export function compileWasm(graph: Graph, state: State, options: WasmOptions = {}): Promise<Executable> {
  const prepared = prepareModels(graph, state, {});
  return openInThread(new URL('./worker.js', import.meta.url), { prepared, options });
}
