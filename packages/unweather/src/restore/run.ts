import {
  type EncodeOptions,
  exists,
  inOrder,
  messageOf,
  readStandardInput,
  STANDARD,
  type TileOptions,
  UserError,
  writableFolder,
  writeStandardOutput,
} from '@unweather/core-tensor';
import { type LoadOptions, openModel, type PictureModel } from '@unweather/model';
import type { Plan, Plans } from '../inputs/outputs.js';
import type { ChosenModel } from '../models/choose.js';
import type { Count, Listener, RestoreEvent } from './events.js';

/** Options for restoring and writing pictures. */
export interface RunOptions
  extends TileOptions,
    EncodeOptions,
    Pick<LoadOptions, 'weightsKey' | 'engine' | 'device' | 'threads'> {
  /** Leaves out pictures whose output exists. */
  readonly skipExisting: boolean;
}

/** Result of a run. */
export type Outcome = Extract<RestoreEvent, { event: 'end' }>;

/**
 * Pictures in progress besides the current one: while the network restores that, the next is decoded and the last is
 * written. More would fill the memory and save no time.
 */
const AHEAD = 2;

/**
 * Restores pictures one after another; a picture that cannot be read or written is reported, and the others go on.
 * @throws UserError where no picture can be restored: a model that does not open, a folder that cannot be written to
 */
export async function runRestore(
  { plans, folder }: Plans,
  chosen: ChosenModel,
  options: RunOptions,
  tell: Listener,
  signal: AbortSignal,
): Promise<Outcome> {
  const started = performance.now();
  const counts = { restored: 0, skipped: 0, failed: 0, apart: 0 };
  const done = (): Count => ({ done: counts.restored + counts.skipped + counts.failed, total: plans.length });
  const left: Plan[] = [];
  for (const plan of plans)
    if (options.skipExisting && plan.output !== STANDARD && (await exists(plan.output))) {
      counts.skipped++;
      tell({ event: 'skipped', ...plan, ...done() });
    } else left.push(plan);
  const restoreAll = async () => {
    if (folder !== undefined) await writableFolder(folder);
    const model = await opened(chosen, options, left.length, tell, signal);
    try {
      for await (const result of inOrder(left, AHEAD, (plan) => restored(model, plan, options, tell, signal))) {
        if (result === 'interrupted') break;
        counts[result.event]++;
        if (result.event === 'restored' && result.tiles > 1 && model.receptiveRadius === Infinity) counts.apart++;
        tell({ ...result, ...done() });
      }
    } finally {
      await model.dispose();
    }
  };
  if (left.length > 0)
    await restoreAll().catch((thrown: unknown) => {
      // The user stopped a download of weights.
      if (!signal.aborted || thrown !== signal.reason) throw thrown;
    });
  const seconds = secondsSince(started);
  const outcome: Outcome = { event: 'end', ...counts, interrupted: signal.aborted, seconds };
  tell(outcome);
  return outcome;
}

async function opened(
  chosen: ChosenModel,
  options: RunOptions,
  pictures: number,
  tell: Listener,
  signal: AbortSignal,
): Promise<PictureModel> {
  const { model: known, entry, weights, others } = chosen;
  const { weightsKey, engine, device, threads } = options;
  const model = await openModel(
    entry,
    {
      task: known.task,
      weights,
      ...(weightsKey !== undefined && { weightsKey }),
      ...(engine && { engine }),
      ...(device && { device }),
      ...(threads !== undefined && { threads }),
    },
    { download: (progress) => tell({ event: 'download', ...progress }) },
    signal,
  );
  tell({
    event: 'start',
    pictures,
    model: known.name,
    network: model.network,
    weights: model.weights,
    engine: model.engine,
    threads: model.threads,
    others: others.map(({ name }) => name),
  });
  return model;
}

type Result = 'interrupted' | WithoutCount<Extract<RestoreEvent, { event: 'restored' | 'failed' }>>;
type WithoutCount<Event> = Event extends unknown ? Omit<Event, keyof Count> : never;

async function restored(
  model: PictureModel,
  { input, output, format }: Plan,
  { tile, overlap, depth, quality }: RunOptions,
  tell: Listener,
  signal: AbortSignal,
): Promise<Result> {
  if (signal.aborted) return 'interrupted';
  const started = performance.now();
  let tiles = 1;
  try {
    const picture = await model.restore(input === STANDARD ? await readStandardInput() : input, {
      ...(tile !== undefined && { tile }),
      ...(overlap !== undefined && { overlap }),
      signal,
      onProgress: (progress) => {
        tiles = progress.total;
        if (tiles > 1) tell({ event: 'tiles', input, ...progress });
      },
    });
    signal.throwIfAborted();
    const encoding = { ...(depth && { depth }), ...(quality !== undefined && { quality }) };
    if (format === undefined) await picture.toFile(output, encoding);
    else await writeStandardOutput(await picture.toBuffer(format, encoding));
    const { width, height } = picture;
    return { event: 'restored', input, output, width, height, tiles, seconds: secondsSince(started) };
  } catch (thrown) {
    if (signal.aborted && thrown === signal.reason) return 'interrupted';
    if (!(thrown instanceof UserError)) throw thrown;
    const error = input === STANDARD ? messageOf(thrown).replace(/^the bytes:/, 'standard input:') : messageOf(thrown);
    return { event: 'failed', input, output, error };
  }
}

/** Seconds since a start, to the millisecond. */
function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}
