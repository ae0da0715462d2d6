import {
  type Executable,
  formatOf,
  type Graph,
  type PictureNetwork,
  type State,
  withPopulationStatistics,
} from '@unweather/core-tensor';
import { Loader } from '@unweather/datasets';
import type { Course } from './stages.js';

/**
 * Measures the running statistics anew at the end of a training, if its recipe has `statistics`; otherwise returns the
 * weights unchanged. Uses the patches that would follow the last step, at the size given by `statistics`.
 * @param weights parameters, buffers, and all other tensors of a checkpoint
 */
export async function withMeasuredStatistics(
  network: PictureNetwork,
  weights: State,
  { recipe, pairs, steps, onBadPair }: Pick<Course, 'recipe' | 'pairs' | 'onBadPair'> & { readonly steps: number },
  open: (graph: Graph, state: State) => Promise<Executable>,
): Promise<State> {
  if (recipe.statistics === undefined) return weights;
  const { crop, batch, batches } = recipe.statistics;
  const { colour } = formatOf(network);
  const loader = new Loader({ ...recipe, crop, batch, colour, pairs, onBadPair });
  async function* some() {
    let given = 0;
    for await (const made of loader.batches(steps)) {
      yield made;
      if (++given === batches) return;
    }
  }
  try {
    return await withPopulationStatistics(network, weights, some(), { height: crop, width: crop }, open);
  } finally {
    await loader.close();
  }
}
