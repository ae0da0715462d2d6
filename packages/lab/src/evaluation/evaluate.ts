import { createHash } from 'node:crypto';
import {
  type AnyPicture,
  hashOfWeights,
  inOrder,
  messageOf,
  type OpenedEngine,
  type PictureNetwork,
  Restorer,
  type State,
  UserError,
  versions,
} from '@unweather/core-tensor';
import type { PairSource } from '@unweather/datasets';
import {
  type Baseline,
  identity,
  type PictureRecord,
  type Protocol,
  type ResultRecord,
  type Shard,
} from '@unweather/eval';
import type { Data } from '../data.js';
import type { Reporter } from '../reporter.js';
import type { Study } from '../study.js';
import type { PerceptualJudge } from './perceptual-judge.js';
import { baselineInThread, openInThread, SCORING_THREADS, scoreInThread } from './threads.js';

/** Contender to be scored, with the data and the protocol to score it by. */
export interface Subject {
  readonly paper: Pick<Study, 'name' | 'protocols'>;
  /** Name of the network, or of the baseline. */
  readonly name: string;
  readonly contender: Contender;
  readonly protocol: Protocol;
  readonly data: Data;
}

/** Restores pictures to be scored: a network with its weights, or a baseline. */
export interface Contender {
  /** SHA-256 of the weights, or of a baseline's description. */
  readonly sha256: string;
  /** Engine and device, such as "onnxruntime-node cpu"; "JavaScript" for a baseline. */
  readonly engine: string;
  /** Opens what restores. */
  open(): Promise<Restoring>;
}

/** An opened contender; dispose of it after use. */
export interface Restoring extends Pick<Restorer, 'dispose'> {
  /** Restores one picture. */
  restore(picture: AnyPicture): Promise<AnyPicture>;
}

/** Contender that restores with a network and its weights. */
export function networkContender(network: PictureNetwork, weights: State, engine: OpenedEngine): Contender {
  return {
    sha256: hashOfWeights(weights),
    engine: engine.description,
    open: () => Restorer.on(engine, network, weights),
  };
}

/** Contender that restores with a baseline. */
export function baselineContender({ name, description }: Baseline): Contender {
  return {
    sha256: createHash('sha256').update(`${name}: ${description}`).digest('hex'),
    engine: 'JavaScript',
    open: async () => ({
      // Returns the very same object, so that it is scored only once.
      restore: async (picture) => (name === identity.name ? picture : baselineInThread(name, picture)),
      dispose: async () => undefined,
    }),
  };
}

export interface EvaluateOptions {
  /** Keeps the pictures, for a contact sheet; leave it out for large sets. */
  readonly keepScenes?: boolean;
  /** Stops the evaluation when aborted; the records so far are returned. */
  readonly signal?: AbortSignal;
  /** Largest part, from the centre, that is restored and scored of each picture; default: all of it. */
  readonly crop?: { readonly width: number; readonly height: number } | undefined;
  /** Names of metrics to compute besides the protocol's. */
  readonly metrics?: readonly string[];
  /** Perceptual metric that a network computes. */
  readonly judge?: PerceptualJudge | undefined;
  /** Every n-th pair only. */
  readonly shard?: Shard | null;
  /** Records of earlier runs by key; their pictures are not scored again. */
  readonly known?: ReadonlyMap<string, PictureRecord>;
  /** Called with every new record and awaited before the next. */
  readonly keep?: (record: PictureRecord) => Promise<void>;
}

/** The pictures of one scored pair. */
export interface Scene {
  readonly input: AnyPicture;
  readonly restored: AnyPicture;
  readonly truth: AnyPicture;
}

export interface Scored {
  readonly records: readonly ResultRecord[];
  /** Scenes in the order of the records; empty unless `keepScenes` is set. */
  readonly scenes: readonly Scene[];
}

/**
 * Restores and scores every pair as whole pictures. While one picture is restored, other threads decode the next ones
 * and score the previous ones. Only a handful of pictures are in memory at a time.
 * @throws UserError naming the pair that cannot be used
 */
export async function evaluate(subject: Subject, reporter: Reporter, options: EvaluateOptions = {}): Promise<Scored> {
  const { paper, name, protocol, data, contender } = subject;
  const { shard, signal } = options;
  const common = {
    paper: paper.name,
    network: name,
    dataset: data.dataset,
    split: data.split,
    protocol: protocol.name,
    weights: contender.sha256,
    engine: contender.engine,
    origin: 'measured here' as const,
  };
  const { metrics = [], judge } = options;
  const { unweather } = await versions();
  const restorer = await contender.open();
  const pairs = data.pairs.filter((_, i) => shard == null || i % shard.of === shard.index - 1);
  const records: ResultRecord[] = [];
  const scenes: Scene[] = [];
  const settings = [common.weights, protocol.name, contender.engine, metrics, judge?.sha256, unweather];
  const work = (source: PairSource) => scoreOne(restorer, subject, source, settings, options);
  try {
    for await (const { record, scene, fresh } of inOrder(untilAborted(pairs, signal), 1 + SCORING_THREADS, work)) {
      if (signal?.aborted) break;
      if (fresh) await options.keep?.(record);
      records.push({ ...common, ...record });
      if (scene !== undefined) scenes.push(scene);
      reporter.picture(records.at(-1)!, records.length, pairs.length);
    }
  } finally {
    await restorer.dispose();
    reporter.pause();
  }
  return { records, scenes };
}

/** Restores one pair again, exactly as for scoring. @throws UserError naming the pair */
export async function restorePair(restorer: Restoring, subject: Subject, source: PairSource): Promise<Scene> {
  const { input, truth } = await openInThread(source, placeOf(subject));
  return { input, truth, restored: await restored(restorer, source, input) };
}

async function scoreOne(
  restorer: Restoring,
  subject: Subject,
  source: PairSource,
  settings: readonly unknown[],
  { keepScenes = false, known, metrics = [], judge, crop }: EvaluateOptions,
): Promise<{ record: PictureRecord; scene?: Scene; fresh: boolean }> {
  const place = placeOf(subject);
  const { input, truth, inputHash, truthHash } = await openInThread(source, place, crop);
  const key = createHash('sha256')
    .update(JSON.stringify([...settings, inputHash, truthHash]))
    .digest('hex');
  const condition = source.kind === 'synthesised' ? source.level : '';
  const names = { picture: subject.data.label?.(source) ?? source.name, condition, scene: truthHash.slice(0, 16) };
  const found = known?.get(key);
  // The known record of the same pixels may carry another name.
  if (found !== undefined && !keepScenes) return { record: { ...found, ...names }, fresh: false };
  const scene = { input, truth, restored: await restored(restorer, source, input) };
  const judged = judge === undefined ? undefined : await judge.scores(scene).catch(namingThe(source));
  const scores = await scoreInThread(scene, place, metrics).catch(namingThe(source));
  const [before, after] = [
    { ...scores.input, ...judged?.input },
    { ...scores.restored, ...judged?.restored },
  ];
  return { record: { ...names, key, input: before, restored: after }, fresh: true, ...(keepScenes && { scene }) };
}

function restored(restorer: Restoring, source: PairSource, input: AnyPicture): Promise<AnyPicture> {
  return restorer.restore(input).catch(namingThe(source));
}

/** Prefixes a UserError with the name of its pair. */
function namingThe({ name }: PairSource): (thrown: unknown) => never {
  return (thrown) => {
    throw thrown instanceof UserError ? new UserError(`pair "${name}": ${messageOf(thrown)}`) : thrown;
  };
}

function placeOf({ paper, protocol }: Subject) {
  return { name: protocol.name, module: paper.protocols.href };
}

function* untilAborted<Item>(items: readonly Item[], signal: AbortSignal | undefined): Generator<Item> {
  for (const item of items) {
    if (signal?.aborted) return;
    yield item;
  }
}
