import { float32, type Parameter, type State } from '@unweather/core-tensor';

/** Steps between two samples of the weights. */
export const SAMPLED_EVERY = 10;
/** Prefix of averages in a checkpoint; names that begin with "optimizer." are not weights of the network. */
const PREFIX = 'optimizer.average.';

/**
 * Exponential moving average of a network's weights (Polyak and Juditsky 1992, with the decay of Adam's moments). It
 * cancels the noise of the last steps, which a short schedule would otherwise leave in the weights. Every tenth step is
 * sampled; the first sample counts in full, so that there is no bias towards zero.
 */
export class WeightAverage {
  private readonly means: Map<string, Float32Array<ArrayBuffer>>;

  /**
   * @param decay per step, 0 to 1
   * @param parameters of the network; running statistics are averaged too, counters are not
   * @param saved tensors of the checkpoint that the run resumes from
   */
  constructor(
    private readonly decay: number,
    private readonly parameters: ReadonlyMap<string, Parameter>,
    saved: State = new Map(),
  ) {
    const known = [...parameters.keys()].flatMap((name) => {
      const mean = saved.get(PREFIX + name);
      return mean === undefined ? [] : [[name, mean.data as Float32Array<ArrayBuffer>] as const];
    });
    this.means = new Map(known);
  }

  /** Adds the weights after a step (1 for the first) to the average; skips steps that are not sampled. */
  async add(step: number, weights: () => Promise<State>): Promise<void> {
    if (step % SAMPLED_EVERY !== 0) return;
    const decay = this.decay ** SAMPLED_EVERY;
    const share = (1 - decay) / (1 - decay ** (step / SAMPLED_EVERY));
    const current = await weights();
    for (const name of this.parameters.keys()) {
      const { data, dtype } = current.get(name)!;
      if (dtype !== 'float32') continue;
      const mean = this.means.get(name);
      if (mean === undefined) this.means.set(name, new Float32Array(data as Float32Array));
      else for (let i = 0; i < mean.length; i++) mean[i]! += share * ((data as Float32Array)[i]! - mean[i]!);
    }
  }

  /** Returns the weights with averaged values in place; unchanged before the first sample. */
  of(weights: State): State {
    const averaged = new Map(weights);
    for (const [name, mean] of this.means) averaged.set(name, float32(mean, weights.get(name)!.shape));
    return averaged;
  }

  /** Copies the average as it is now. */
  copy(): WeightAverage {
    const copy = new WeightAverage(this.decay, this.parameters);
    for (const [name, mean] of this.means) copy.means.set(name, mean.slice());
    return copy;
  }

  /** Tensors of the average to save in a checkpoint. */
  saved(): State {
    return new Map(
      [...this.means].map(([name, mean]) => [PREFIX + name, float32(mean, this.parameters.get(name)!.shape)]),
    );
  }
}
