import type { Tensor as OrtTensor } from 'onnxruntime-web';
import { copied, type State, type TensorData } from '../../graph/tensor-data.js';
import type { Executable } from '../executable.js';
import { type Entry, feedsFor, unwrap } from './feeds.js';

/** Sessions whose state is kept in the memory of the process. */
export class SessionExecutable implements Executable {
  /** Two sets of buffers: a run reads one and writes the other, then the updated ones are swapped. */
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
