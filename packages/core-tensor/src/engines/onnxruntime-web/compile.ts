import type { Graph } from '../../graph/graph.js';
import type { State } from '../../graph/tensor-data.js';
import type { Executable } from '../executable.js';
import { prepareModels } from '../onnxruntime/prepare.js';
import { openInThread } from '../thread/open-in-thread.js';

/** What the thread of {@link compileWasm} is given. */
export interface WasmOptions {
  /** Threads of one operation; default: the cores that the process may use. */
  readonly threads?: number;
}

/**
 * Compiles a graph with onnxruntime-web's WebAssembly, in Node, in a worker thread of its own.
 * @param state values of every state tensor of the graph, by name
 * @throws UserError naming an operator that it lacks
 */
export function compileWasm(graph: Graph, state: State, options: WasmOptions = {}): Promise<Executable> {
  const prepared = prepareModels(graph, state, {});
  return openInThread(new URL('./worker.js', import.meta.url), { prepared, options });
}
