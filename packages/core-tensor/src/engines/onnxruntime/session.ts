import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { show } from '../../graph/dim.js';
import type { Graph } from '../../graph/graph.js';
import { copied, type State, type TensorData } from '../../graph/tensor-data.js';
import { UserError } from '../../support/error.js';
import type { Executable } from '../executable.js';
import { emitOnnx } from './emit.js';
import { loadRuntime } from './runtime.js';

export interface OnnxOptions {
  /** Threads of one operation; default: onnxruntime's own choice, one per core. */
  readonly threads?: number;
}

/**
 * Compiles a graph with onnxruntime-node on the CPU, in this thread: a run blocks the thread until it is done.
 * @param state values of every state tensor of the graph, by name
 * @throws UserError when onnxruntime-node cannot be loaded
 */
export async function compileHere(graph: Graph, state: State, options: OnnxOptions = {}): Promise<Executable> {
  return openModel(prepareModel(graph, state), options);
}

/** Emits a graph and gathers the values of the state that it carries from run to run. */
export function prepareModel(graph: Graph, state: State): LoadedModel {
  const { bytes, carried } = emitOnnx(graph, state);
  const values: State = new Map();
  for (const name of carried.keys()) {
    const value = state.get(name);
    if (value === undefined) throw new Error(`the graph renews "${name}", which the state lacks`);
    values.set(name, value);
  }
  return { bytes, carried, outputs: [...graph.outputs.keys()], state: values };
}

/** An emitted model with the values of the state it carries from run to run. */
export interface LoadedModel {
  readonly bytes: Uint8Array;
  readonly carried: ReadonlyMap<string, string>;
  readonly outputs: readonly string[];
  readonly state: State;
}

/** Opens a session on a model. */
export async function openModel(model: LoadedModel, { threads }: OnnxOptions): Promise<Executable> {
  const ort = await loadRuntime();
  const session = await ort.InferenceSession.create(model.bytes, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(threads !== undefined && { intraOpNumThreads: threads }),
  });
  return new SessionExecutable(session, ort.Tensor, model);
}

class SessionExecutable implements Executable {
  /** Two sets of buffers: a run reads one and writes the other, then they change places. */
  private current: Map<string, OrtTensor>;
  private spare: Map<string, OrtTensor>;

  constructor(
    private readonly session: InferenceSession,
    private readonly TensorType: typeof OrtTensor,
    private readonly model: LoadedModel,
  ) {
    const load = () => new Map([...model.state].map(([name, value]) => [name, this.wrap(copied(value))]));
    this.current = load();
    this.spare = load();
  }

  async run(inputs: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    const feeds: Record<string, OrtTensor> = {};
    for (const metadata of this.session.inputMetadata) {
      const { name } = metadata;
      const fed = this.current.get(name);
      if (fed !== undefined) feeds[name] = fed;
      else feeds[name] = this.wrap(checked(name, inputs[name], metadata));
    }
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of this.model.outputs) fetches[name] = null;
    for (const [name, next] of this.model.carried) fetches[next] = this.spare.get(name)!;
    const results = await this.session.run(feeds, fetches);
    [this.current, this.spare] = [this.spare, this.current];
    return Object.fromEntries(this.model.outputs.map((name) => [name, unwrap(results[name]!)]));
  }

  async state(): Promise<State> {
    return new Map([...this.current].map(([name, tensor]) => [name, copied(unwrap(tensor))]));
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }

  private wrap(value: TensorData): OrtTensor {
    return new this.TensorType(value.dtype, value.data, value.shape);
  }
}

function unwrap(tensor: OrtTensor): TensorData {
  return { dtype: tensor.type, shape: tensor.dims, data: tensor.data } as TensorData;
}

function checked(name: string, value: TensorData | undefined, metadata: InferenceSession.ValueMetadata): TensorData {
  if (value === undefined) throw new UserError(`input "${name}" is missing; feed a tensor of that name`);
  const shape = metadata.isTensor ? metadata.shape : value.shape;
  const fits =
    shape.length === value.shape.length &&
    shape.every((size, axis) => typeof size === 'string' || size === value.shape[axis]);
  if (!fits) throw new UserError(`input "${name}" must have the shape ${show(shape)}, got ${show(value.shape)}`);
  return value;
}
