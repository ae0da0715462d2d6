import type { Executable } from '../engines/executable.js';
import { buildGraph, type Graph } from '../graph/graph.js';
import { input, type Tensor } from '../graph/tensor.js';
import { float32, type State } from '../graph/tensor-data.js';
import { trace } from '../graph/trace.js';
import { formatOf, type PictureNetwork } from '../nn/picture-network.js';

/** Opens a graph with its state; see an engine's `inference`. */
type Open = (graph: Graph, state: State) => Promise<Executable>;

/**
 * Recomputes the running statistics of a trained network as means over many batches with fixed weights, in place of the
 * moving average over the last ten or so. A few small batches tell little about how much activations vary between
 * photographs, and evaluation normalises by that variation ("precise BN": Wu and Johnson, Rethinking "Batch" in
 * BatchNorm, 2021, section 3).
 * @param weights every parameter and buffer by state_dict name; other entries are returned unchanged
 * @param batches planes [N, C, H, W], all of one size
 * @returns the weights with the new running statistics; unchanged if the network has none
 */
export async function withPopulationStatistics(
  network: PictureNetwork,
  weights: State,
  batches: AsyncIterable<{ readonly input: Float32Array; readonly size: number }>,
  { height, width }: { readonly height: number; readonly width: number },
  open: Open,
): Promise<State> {
  const { channels } = formatOf(network);
  const parameters = network.parameters();
  const { updates } = trace('train', () => network.apply(input('input', ['batch', channels, height, width])));
  const renewed = new Map<string, Tensor>();
  for (const [name, { tensor, dtype }] of parameters) {
    const update = updates.get(tensor);
    if (update !== undefined && dtype === 'float32') renewed.set(name, update);
  }
  if (renewed.size === 0) return weights;
  const out = (name: string) => `renewed ${name}`;
  const graph = buildGraph(Object.fromEntries([...renewed].map(([name, tensor]) => [out(name), tensor])));
  // A batch with statistic b updates s to (1 − m)·s + m·b: starting from s = 0 and s = 1 gives m, from 0 then every b.
  const from = async (value: number) => {
    const state: State = new Map([...parameters.keys()].map((name) => [name, weights.get(name)!]));
    for (const name of renewed.keys()) {
      const { shape, data } = weights.get(name)!;
      state.set(name, float32(new Float32Array(data.length).fill(value), shape));
    }
    return open(graph, state);
  };
  const zero = await from(0);
  const sums = new Map([...renewed.keys()].map((name) => [name, new Float64Array(weights.get(name)!.data.length)]));
  const momenta = new Map<string, number>();
  let count = 0;
  try {
    for await (const { input: planes, size } of batches) {
      const inputs = { input: float32(planes as Float32Array<ArrayBuffer>, [size, channels, height, width]) };
      const outputs = await zero.run(inputs);
      if (count === 0) {
        const one = await from(1);
        const others = await one.run(inputs).finally(() => one.dispose());
        for (const name of renewed.keys())
          momenta.set(name, 1 - (Number(others[out(name)]!.data[0]) - Number(outputs[out(name)]!.data[0])));
      }
      for (const [name, sum] of sums)
        for (const [i, value] of outputs[out(name)]!.data.entries()) sum[i]! += Number(value);
      count++;
    }
  } finally {
    await zero.dispose();
  }
  const result = new Map(weights);
  for (const [name, sum] of sums) {
    const mean = Float32Array.from(sum, (value) => value / count / momenta.get(name)!);
    result.set(name, float32(mean, weights.get(name)!.shape));
  }
  return result;
}
