import type { State } from '../../graph/tensor-data.js';
import type { Executable, Program } from '../executable.js';
import { openInThread } from '../thread/open-in-thread.js';
import { prepareModels } from './prepare.js';
import { withoutTelemetry } from './runtime.js';
import { type OnnxOptions, openModels } from './session.js';

/**
 * Compiles a program with onnxruntime-node in its own worker thread, so that the caller's event loop stays free while
 * it runs. Runs are done one after another, in the order of the calls.
 * @param state values of every state tensor of its graphs, by name
 * @throws UserError when onnxruntime-node cannot be loaded
 */
export async function compile(program: Program, state: State, options: OnnxOptions = {}): Promise<Executable> {
  withoutTelemetry();
  const prepared = prepareModels(program, state, options);
  return openInThread(new URL('./worker.js', import.meta.url), { prepared, options });
}

/** Compiles a program as {@link compile} does, but in this thread: a run blocks the thread until it is done. */
export async function compileHere(program: Program, state: State, options: OnnxOptions = {}): Promise<Executable> {
  return openModels(prepareModels(program, state, options), options);
}
