import {
  type AnyPicture,
  hashOfWeights,
  messageOf,
  type OpenedEngine,
  type PictureNetwork,
  Random,
  Restorer,
  type State,
  UserError,
} from '@unweather/core-tensor';
import { openPair, type PairSource, whole } from '@unweather/datasets';
import type { Protocol, ResultRecord } from '@unweather/eval';
import type { Data } from './data.js';
import type { Paper } from './recipe.js';
import type { Reporter } from './reporter.js';

/** The pictures of one scored pair, for contact sheets. */
export interface Scene {
  readonly input: AnyPicture;
  readonly restored: AnyPicture;
  readonly truth: AnyPicture;
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
  { name, network }: { readonly name: string; readonly network: PictureNetwork },
  protocol: Protocol,
  weights: State,
  data: Data,
  reporter: Reporter,
  engine: OpenedEngine,
  { keepScenes = false, signal }: { keepScenes?: boolean; signal?: AbortSignal } = {},
): Promise<Evaluation> {
  const restorer = await Restorer.on(engine, network, weights);
  const common = {
    paper: paper.name,
    network: name,
    dataset: data.dataset,
    split: data.split,
    protocol: protocol.name,
    weights: hashOfWeights(weights),
    engine: engine.description,
    origin: 'measured here' as const,
  };
  const records: ResultRecord[] = [];
  const scenes: Scene[] = [];
  try {
    // The next picture is restored in its own thread while this one is scored.
    let next = data.pairs.length > 0 ? restoreOne(restorer, protocol, data.pairs[0]!) : undefined;
    for (const [index, source] of data.pairs.entries()) {
      const scene = await next!;
      if (signal?.aborted) break;
      const following = data.pairs[index + 1];
      next = following === undefined ? undefined : restoreOne(restorer, protocol, following);
      // A failure of the next picture is met when its turn comes.
      next?.catch(() => undefined);
      const before = protocol.score(scene.input, scene.truth);
      const after = protocol.score(scene.restored, scene.truth);
      const record = {
        ...common,
        picture: source.name,
        condition: source.kind === 'synthesised' ? source.level : '',
        scene: source.truth,
        key: '',
        input: { ...before },
        restored: { ...after },
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

async function restoreOne(restorer: Restorer, protocol: Protocol, source: PairSource): Promise<Scene> {
  const prepare = (picture: AnyPicture) => whole(protocol.prepare(picture));
  const { truth, input } = await openPair(source, Random.named('evaluation', source.name), { prepare });
  try {
    return { input, truth, restored: await restorer.restore(input) };
  } catch (thrown) {
    throw thrown instanceof UserError ? new UserError(`pair "${source.name}": ${messageOf(thrown)}`) : thrown;
  }
}
