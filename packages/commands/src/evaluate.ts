import { hashOfWeights, type OpenedEngine, type Picture, Random, Restorer, type State } from '@unweather/core-tensor';
import { openPair, type PairSource } from '@unweather/datasets';
import type { ResultRecord } from '@unweather/eval';
import type { Data } from './data.js';
import type { Paper, Task } from './recipe.js';
import type { Reporter } from './reporter.js';

/** The pictures of one scored pair, for contact sheets. */
export interface Scene {
  readonly input: Picture;
  readonly restored: Picture;
  readonly truth: Picture;
}

export interface Evaluation {
  readonly records: readonly ResultRecord[];
  /** The scenes asked for, in the order of the records. */
  readonly scenes: readonly Scene[];
}

/**
 * Restores and scores every pair, whole pictures one at a time.
 * @param keepScenes whether the pictures are kept; leave it out for large sets
 * @param signal when aborted, ends after the picture that is running; the records so far are returned
 */
export async function evaluate(
  paper: Paper,
  task: Task,
  weights: State,
  data: Data,
  reporter: Reporter,
  engine: OpenedEngine,
  { keepScenes = false, signal }: { keepScenes?: boolean; signal?: AbortSignal } = {},
): Promise<Evaluation> {
  const network = paper.networks[task.network]!;
  const restorer = await Restorer.on(engine, network.create(), weights);
  const common = {
    paper: paper.name,
    network: task.network,
    dataset: data.dataset,
    split: data.split,
    protocol: task.protocol.name,
    weights: hashOfWeights(weights),
    engine: engine.description,
    origin: 'measured here' as const,
  };
  const records: ResultRecord[] = [];
  const scenes: Scene[] = [];
  try {
    // The next picture is restored in its own thread while this one is scored.
    let next = data.pairs.length > 0 ? restoreOne(restorer, task, data.pairs[0]!) : undefined;
    for (const [index, source] of data.pairs.entries()) {
      const scene = await next!;
      if (signal?.aborted) break;
      const following = data.pairs[index + 1];
      next = following === undefined ? undefined : restoreOne(restorer, task, following);
      // A failure of the next picture is met when its turn comes.
      next?.catch(() => undefined);
      const before = task.protocol.score(scene.input, scene.truth);
      const after = task.protocol.score(scene.restored, scene.truth);
      const record = {
        ...common,
        picture: source.name,
        condition: source.kind === 'rain' ? source.level : '',
        inputPsnr: before.psnr,
        inputSsim: before.ssim,
        inputSsimJs: before.ssimJs,
        ...after,
      };
      records.push(record);
      if (keepScenes) scenes.push(scene);
      reporter.picture(record, index + 1, data.pairs.length);
    }
  } finally {
    await restorer.dispose();
    reporter.pause();
  }
  return { records, scenes };
}

async function restoreOne(restorer: Restorer, task: Task, source: PairSource): Promise<Scene> {
  const { truth, input } = await openPair(source, Random.named('evaluation', source.name));
  return { input, truth, restored: task.protocol.quantise(await restorer.restore(input)) };
}
