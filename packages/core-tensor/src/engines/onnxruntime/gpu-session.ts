import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { buildGraph } from '../../graph/graph.js';
import { state as stateTensor } from '../../graph/tensor.js';
import { copied, type State, type TensorData } from '../../graph/tensor-data.js';
import type { Executable } from '../executable.js';
import { emitOnnx } from './emit.js';
import { type Entry, feedsFor, unwrap } from './feeds.js';

type Ort = typeof import('onnxruntime-node');

/**
 * A program whose state stays in the GPU's memory: the state that a run updates is fed to the next run as it is; only
 * batches are uploaded, and only outputs downloaded.
 */
export class GpuExecutable implements Executable {
  private readonly current = new Map<string, OrtTensor>();

  constructor(
    private readonly ort: Ort,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly initial: State,
  ) {
    for (const [name, value] of initial) {
      const { dtype, data, shape } = copied(value);
      this.current.set(name, new ort.Tensor(dtype, data, shape));
    }
  }

  /** Location of each result of a session: float32 state stays on the GPU, whole numbers are counted on the CPU. */
  static locations(entry: Omit<Entry, 'session'>, state: State): Record<string, 'gpu-buffer' | 'cpu'> {
    const carried = [...entry.carried].map(
      ([name, next]) => [next, state.get(name)!.dtype === 'float32' ? 'gpu-buffer' : 'cpu'] as const,
    );
    return Object.fromEntries([...entry.outputs.map((name) => [name, 'cpu'] as const), ...carried]);
  }

  async run(inputs: Readonly<Record<string, TensorData>>, graph = 'main'): Promise<Record<string, TensorData>> {
    const entry = this.entries.get(graph);
    if (entry === undefined) throw new Error(`the program has no graph "${graph}"`);
    const results = await entry.session.run(feedsFor(entry.session, this.current, inputs, this.ort.Tensor));
    for (const [name, next] of entry.carried) {
      this.current.get(name)!.dispose();
      this.current.set(name, results[next]!);
    }
    return Object.fromEntries(entry.outputs.map((name) => [name, unwrap(results[name]!)]));
  }

  /** Reads the state back with a graph that copies it: reading a GPU tensor directly aborts onnxruntime-node 1.30. */
  async state(): Promise<State> {
    const tensors = [...this.initial].map(
      ([name, { shape, dtype }]) => [name, stateTensor(name, shape, dtype)] as const,
    );
    const graph = buildGraph(Object.fromEntries(tensors.map(([name, tensor]) => [`copy.${name}`, tensor])));
    const { bytes } = emitOnnx(graph, new Map(), { live: new Set(this.initial.keys()) });
    const session: InferenceSession = await this.ort.InferenceSession.create(bytes, {
      executionProviders: ['webgpu'],
      logSeverityLevel: 4,
    });
    const results = await session.run(Object.fromEntries(this.current));
    await session.release();
    return new Map(tensors.map(([name]) => [name, copied(unwrap(results[`copy.${name}`]!))]));
  }

  async dispose(): Promise<void> {
    for (const tensor of this.current.values()) tensor.dispose();
    for (const { session } of this.entries.values()) await session.release();
  }
}
