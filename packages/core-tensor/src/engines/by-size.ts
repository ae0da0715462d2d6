import type { Graph } from '../graph/graph.js';
import type { State, TensorData } from '../graph/tensor-data.js';
import { withSizes } from '../graph/with-sizes.js';
import type { Executable } from './executable.js';

/**
 * Number of operations above which a session is opened for the sizes of its inputs. To open a session of symbolic sizes,
 * onnxruntime takes a time that grows with the square of the number of operations: about 4 s for MAXIM's two stages and
 * 10 s for three, but 2 s and 3.5 s for known sizes.
 */
const LARGE = 2000;

/**
 * Opens a graph for inference: a large one when it first runs, for the sizes of the inputs, and again whenever they change.
 * @param open opens a graph on an engine
 */
export async function openBySize(graph: Graph, open: (graph: Graph) => Promise<Executable>): Promise<Executable> {
  return graph.nodes.length > LARGE ? new ExecutableBySize(graph, open) : open(graph);
}

class ExecutableBySize implements Executable {
  private opened: { readonly sizes: string; readonly executable: Executable } | undefined;
  /** End of the last call: calls are done one after another. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly graph: Graph,
    private readonly open: (graph: Graph) => Promise<Executable>,
  ) {}

  run(inputs: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    return this.inTurn(async () => (await this.of(inputs)).run(inputs));
  }

  state(): Promise<State> {
    return this.inTurn(async () => this.opened?.executable.state() ?? new Map());
  }

  dispose(): Promise<void> {
    return this.inTurn(() => this.close());
  }

  private async of(inputs: Readonly<Record<string, TensorData>>): Promise<Executable> {
    const shapes = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));
    const sizes = JSON.stringify(shapes);
    if (this.opened?.sizes !== sizes) {
      await this.close();
      this.opened = { sizes, executable: await this.open(withSizes(this.graph, shapes)) };
    }
    return this.opened!.executable;
  }

  private async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.executable.dispose();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }
}
