import type { Tensor as OrtTensor } from 'onnxruntime-node';
import type { Graph } from '../../graph/graph.js';
import { copied, type State, type TensorData } from '../../graph/tensor-data.js';
import { type Executable, graphsOf, type Program } from '../executable.js';
import type { Device } from './device-operations.js';
import { requireDevice } from './devices.js';
import { type EmittedModel, emitOnnx } from './emit.js';
import { type Entry, feedsFor, unwrap } from './feeds.js';
import { GpuExecutable } from './gpu-session.js';
import { loadRuntime } from './runtime.js';

/** How a graph is compiled for onnxruntime. */
export interface OnnxOptions {
  /** Threads of one operation; default: onnxruntime's own choice, one per core. */
  readonly threads?: number;
  /** Default: cpu. */
  readonly device?: Device;
  /**
   * Whether onnxruntime rewrites models; default: those of up to 20,000 nodes. It saves up to a tenth of a step, and takes
   * 5 s for 16,000 nodes, but 30 s for 30,000.
   */
  readonly rewrite?: boolean;
  /** Names of passes to leave out, to compare with and without. */
  readonly withoutPasses?: readonly string[] | 'all';
}

/**
 * Compiles a program with onnxruntime-node, in this thread: a run blocks the thread until it is done.
 * @param state values of every state tensor of its graphs, by name
 * @throws UserError when onnxruntime-node cannot be loaded
 */
export async function compileHere(program: Program, state: State, options: OnnxOptions = {}): Promise<Executable> {
  return openModels(prepareModels(program, state, options), options);
}

/** Most nodes of a model that onnxruntime rewrites by default. */
const REWRITTEN = 20_000;

/** Emitted models with the values of the state that runs renew. */
export interface PreparedModels {
  readonly models: Readonly<Record<string, EmittedModel & { readonly outputs: readonly string[] }>>;
  readonly state: State;
}

/** Emits a program's graphs and gathers the state that its runs renew. */
export function prepareModels(program: Program, state: State, options: OnnxOptions): PreparedModels {
  const graphs = graphsOf(program);
  const values: State = new Map();
  for (const { updates } of Object.values(graphs))
    for (const name of updates.keys()) {
      const value = state.get(name);
      if (value === undefined) throw new Error(`the graph renews "${name}", which the state lacks`);
      values.set(name, value);
    }
  const live = new Set(values.keys());
  const emit = (graph: Graph) => ({
    ...emitOnnx(graph, state, { ...options, live }),
    outputs: [...graph.outputs.keys()],
  });
  return {
    models: Object.fromEntries(Object.entries(graphs).map(([name, graph]) => [name, emit(graph)])),
    state: values,
  };
}

/** Opens a session on each model. @throws UserError when the device does not work here */
export async function openModels({ models, state }: PreparedModels, options: OnnxOptions): Promise<Executable> {
  const { device = 'cpu', threads } = options;
  const ort = await loadRuntime();
  if (device !== 'cpu') await requireDevice(device);
  const entries = new Map<string, Entry>();
  for (const [name, { bytes, carried, outputs, nodes }] of Object.entries(models)) {
    const { rewrite = nodes <= REWRITTEN } = options;
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: [device],
      graphOptimizationLevel: rewrite ? 'all' : 'disabled',
      // Its plan of memory for the whole graph held 1.9 GB for a step of DuRN-S that runs in 1.1 GB without it, no slower.
      enableMemPattern: false,
      // Beyond the CPU every node that stays there is worth a warning to onnxruntime; --explain lists them.
      logSeverityLevel: 3,
      ...(threads !== undefined && { intraOpNumThreads: threads }),
      ...(device === 'webgpu' && { preferredOutputLocation: GpuExecutable.locations({ carried, outputs }, state) }),
    });
    entries.set(name, { session, carried, outputs });
  }
  return device === 'webgpu'
    ? new GpuExecutable(ort, entries, state)
    : new SessionExecutable(entries, ort.Tensor, state);
}

class SessionExecutable implements Executable {
  /** Two sets of buffers: a run reads one and writes the other, then those it renewed change places. */
  private readonly current: Map<string, OrtTensor>;
  private readonly spare: Map<string, OrtTensor>;

  constructor(
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly TensorType: typeof OrtTensor,
    state: State,
  ) {
    const load = () => new Map([...state].map(([name, value]) => [name, this.wrap(copied(value))]));
    this.current = load();
    this.spare = load();
  }

  async run(inputs: Readonly<Record<string, TensorData>>, graph = 'main'): Promise<Record<string, TensorData>> {
    const entry = this.entries.get(graph);
    if (entry === undefined) throw new Error(`the program has no graph "${graph}"`);
    const { session, carried, outputs } = entry;
    const feeds = feedsFor(session, this.current, inputs, this.TensorType);
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of outputs) fetches[name] = null;
    for (const [name, next] of carried) fetches[next] = this.spare.get(name)!;
    const results = await session.run(feeds, fetches);
    for (const name of carried.keys()) {
      const renewed = this.spare.get(name)!;
      this.spare.set(name, this.current.get(name)!);
      this.current.set(name, renewed);
    }
    return Object.fromEntries(outputs.map((name) => [name, unwrap(results[name]!)]));
  }

  async state(): Promise<State> {
    return new Map([...this.current].map(([name, tensor]) => [name, copied(unwrap(tensor))]));
  }

  async dispose(): Promise<void> {
    for (const { session } of this.entries.values()) await session.release();
  }

  private wrap(value: TensorData): OrtTensor {
    return new this.TensorType(value.dtype, value.data, value.shape);
  }
}
