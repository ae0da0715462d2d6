import {
  depthIn,
  type EncodeOptions,
  exists,
  FRAME_FORMATS,
  formatNamed,
  inOrder,
  messageOf,
  type PictureFileFormat,
  readStandardInput,
  requireSides,
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
  /** Number of the only frame to restore of each picture. */
  readonly frame?: number;
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
  const counts = { restored: 0, skipped: 0, failed: 0, apart: 0, shallow: 0 };
  const done = (): Count => ({ done: counts.restored + counts.skipped + counts.failed, total: plans.length });
  const left: Plan[] = [];
  for (const plan of plans)
    if (options.skipExisting && plan.output !== STANDARD && (await exists(plan.output))) {
      counts.skipped++;
      tell({ event: 'skipped', input: plan.input, output: plan.output, ...done() });
    } else left.push(plan);
  const restoreAll = async () => {
    if (folder !== undefined) await writableFolder(folder);
    const model = await opened(chosen, options, left.length, tell, signal);
    try {
      for await (const result of inOrder(left, AHEAD, (plan) => restored(model, plan, options, tell, signal))) {
        if (result === 'interrupted') break;
        const { shallow, ...event } = result;
        counts[event.event]++;
        if (event.event === 'restored' && event.tiles > event.frames && model.receptiveRadius === Infinity)
          counts.apart++;
        if (shallow) counts.shallow++;
        tell({ ...event, ...done() });
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

type Result =
  | 'interrupted'
  | (WithoutCount<Extract<RestoreEvent, { event: 'restored' | 'failed' }>> & {
      /** True if 16 bits became 8 because the output's format holds no more. */
      readonly shallow?: boolean;
    });
type WithoutCount<Event> = Event extends unknown ? Omit<Event, keyof Count> : never;

async function restored(
  model: PictureModel,
  plan: Plan,
  { tile, overlap, depth, quality, frame, metadata }: RunOptions,
  tell: Listener,
  signal: AbortSignal,
): Promise<Result> {
  if (signal.aborted) return 'interrupted';
  const { input, output, format = formatNamed(output), frames } = plan;
  const started = performance.now();
  let tiles = 1;
  try {
    requireRoom(plan, format);
    const picture = await model.restore(input === STANDARD ? await readStandardInput() : input, {
      ...(frame !== undefined && { frame }),
      ...(tile !== undefined && { tile }),
      ...(overlap !== undefined && { overlap }),
      signal,
      onProgress: (progress) => {
        tiles = progress.total;
        if (tiles > frames) tell({ event: 'tiles', input, ...progress });
      },
    });
    signal.throwIfAborted();
    const encoding = {
      ...(depth && { depth }),
      ...(quality !== undefined && { quality }),
      ...(metadata && { metadata }),
    };
    if (output === STANDARD) await writeStandardOutput(await picture.toBuffer(format, encoding));
    else await picture.toFile(output, encoding);
    const { width, height } = picture;
    const written = depth ?? depthIn(format, picture.depth);
    const about = { width, height, frames: picture.frames, depth: written, tiles, seconds: secondsSince(started) };
    return { event: 'restored', input, output, ...about, shallow: depth === undefined && picture.depth > written };
  } catch (thrown) {
    if (signal.aborted && thrown === signal.reason) return 'interrupted';
    if (!(thrown instanceof UserError)) throw thrown;
    const error = input === STANDARD ? messageOf(thrown).replace(/^the bytes:/, 'standard input:') : messageOf(thrown);
    return { event: 'failed', input, output, error };
  }
}

/** Says before the work, not after it, that a format stores one frame only, or smaller pictures. */
function requireRoom({ output, frames, size }: Plan, format: PictureFileFormat): void {
  const name = output === STANDARD ? 'standard output' : output;
  if (size !== undefined) requireSides(size, format, name);
  if (frames === 1 || FRAME_FORMATS.includes(format)) return;
  throw new UserError(
    `${name}: ${format} stores one frame, and the picture has ${frames}; write ${FRAME_FORMATS.join(', ')} with --format, or choose one with --frame 1`,
  );
}

/** Seconds since a start, to the millisecond. */
function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}
