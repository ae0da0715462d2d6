import { defaultThreads } from '../support/cores.js';
import { UserError } from '../support/error.js';
import { openBySize } from './by-size.js';
import type { EngineOptions, OpenedEngine } from './engine.js';
import { compile } from './onnxruntime/compile.js';
import { bestDevice } from './onnxruntime/devices.js';
import { reasonAgainstRuntime } from './onnxruntime/runtime.js';
import { openWasmEngine, saySlower } from './onnxruntime-web/open.js';
import { openTfjsInference } from './tfjs/inference.js';
import { loadTf } from './tfjs/load.js';
import { openTfjsTraining } from './tfjs/training.js';
import { openReplaced } from './thread/replaced.js';

/**
 * Chooses an engine and a device.
 * @throws UserError when they are not installed, or do not work here
 */
export async function openEngine(options: EngineOptions = {}): Promise<OpenedEngine> {
  const { engine = 'onnxruntime', threads = defaultThreads() } = options;
  if (engine === 'tfjs') {
    if (options.device !== undefined && options.device !== 'auto' && options.device !== 'cpu')
      throw new UserError(
        'TensorFlow.js uses a GPU through its package; install @tensorflow/tfjs-node-gpu and leave out --device',
      );
    const loaded = await loadTf();
    const { tf } = loaded;
    return {
      ...loaded,
      inference: async (graph, state) => openTfjsInference(tf, graph, state),
      training: async (step, state) => openTfjsTraining(tf, step, state),
      program: async () => {
        throw new UserError('TensorFlow.js cannot run several graphs that share one state; leave out --engine tfjs');
      },
    };
  }
  if (engine === 'onnxruntime-web') return openWasmEngine({ ...options, threads });
  const missing = await reasonAgainstRuntime();
  if (missing !== undefined) {
    const wasm = openWasmEngine({ ...options, threads });
    saySlower(missing);
    return wasm;
  }
  const device = options.device === 'auto' ? await bestDevice() : (options.device ?? 'cpu');
  const { rewrite } = options;
  const onnx = { device, threads };
  const training = { ...onnx, ...(rewrite !== undefined && { rewrite }) };
  return {
    description: `onnxruntime-node ${device}`,
    threads,
    inference: (graph, state) => openBySize(graph, (sized) => openReplaced(() => compile(sized, state, onnx))),
    training: (step, state) => compile(step.graph, state, training),
    program: (graphs, state) => compile(graphs, state, training),
  };
}
