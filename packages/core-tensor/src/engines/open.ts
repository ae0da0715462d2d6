import type { Device } from '../graph/device.js';
import type { Graph } from '../graph/graph.js';
import type { State } from '../graph/tensor-data.js';
import type { TrainingStep } from '../optim/update.js';
import { defaultThreads } from '../support/cores.js';
import { UserError } from '../support/error.js';
import type { Executable } from './executable.js';
import { compile } from './onnxruntime/compile.js';
import { bestDevice } from './onnxruntime/devices.js';
import { reasonAgainstRuntime } from './onnxruntime/runtime.js';
import { openWasmEngine, saySlower } from './onnxruntime-web/open.js';
import { openTfjsInference } from './tfjs/inference.js';
import { loadTf } from './tfjs/load.js';
import { openTfjsTraining } from './tfjs/training.js';

/** All engines, as `--engine` names it. */
export const ENGINES = ['onnxruntime', 'onnxruntime-web', 'tfjs'] as const;
/** One of {@link ENGINES}: onnxruntime, as native library or WebAssembly, or TensorFlow.js if it is installed. */
export type Engine = (typeof ENGINES)[number];

/** Choice of the engine and device that run a graph. */
export interface EngineOptions {
  /** Default: onnxruntime, which is onnxruntime-node, or onnxruntime-web's WebAssembly where that cannot be loaded. */
  readonly engine?: Engine;
  /** Default: cpu; auto takes the fastest that works. With TensorFlow.js the installed package decides. */
  readonly device?: Device | 'auto';
  /** Threads per operation on the CPU; default: the cores that the process may use. */
  readonly threads?: number;
  /** See {@link OnnxOptions.rewrite}; for training only. */
  readonly rewrite?: boolean;
}

/** A chosen engine. */
export interface OpenedEngine {
  /** Name to show and keep: "onnxruntime-node cpu", "onnxruntime-web wasm", "@tensorflow/tfjs 4.22.0, backend cpu". */
  readonly description: string;
  /** Threads per operation on the CPU. */
  readonly threads: number;
  /** Opens a graph with its weights, ready to run. @throws UserError if the device cannot run it */
  inference(graph: Graph, state: State): Promise<Executable>;
  /** Opens a training step with its initial state. @throws UserError if the device cannot run it */
  training(step: TrainingStep, state: State): Promise<Executable>;
  /** Opens several graphs over one state. @throws UserError if the engine cannot run them */
  program(graphs: Readonly<Record<string, Graph>>, state: State): Promise<Executable>;
}

/**
 * Chooses an engine and a device.
 * @throws UserError when they are not installed, or do not work here
 */
export async function openEngine(options: EngineOptions = {}): Promise<OpenedEngine> {
  const { engine = 'onnxruntime', threads = defaultThreads() } = options;
  if (engine === 'tfjs') {
    if (options.device !== undefined && options.device !== 'auto' && options.device !== 'cpu')
      throw new UserError(
        'TensorFlow.js takes the GPU by its package; install @tensorflow/tfjs-node-gpu, leave out --device',
      );
    const loaded = await loadTf();
    const { tf } = loaded;
    return {
      ...loaded,
      inference: async (graph, state) => openTfjsInference(tf, graph, state),
      training: async (step, state) => openTfjsTraining(tf, step, state),
      program: async () => {
        throw new UserError('TensorFlow.js does not run several graphs over one state; leave out --engine tfjs');
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
    inference: (graph, state) => compile(graph, state, onnx),
    training: (step, state) => compile(step.graph, state, training),
    program: (graphs, state) => compile(graphs, state, training),
  };
}
