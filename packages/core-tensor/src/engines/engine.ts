import type { Device } from '../graph/device.js';
import type { Graph } from '../graph/graph.js';
import type { State } from '../graph/tensor-data.js';
import type { TrainingStep } from '../optim/update.js';
import type { Executable } from './executable.js';

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
