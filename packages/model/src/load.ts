import {
  DEVICES,
  ENGINES,
  type EngineOptions,
  type OptionNames,
  openEngine,
  pathOf,
  Restorer,
  refuseUnknown,
  UserError,
  valueText,
} from '@unweather/core-tensor';
import { chosenEngine } from './engine.js';
import type { InstalledModel } from './entry.js';
import type { OpenListener } from './listener.js';
import { Model } from './model.js';
import { type PictureInput, readInput } from './read-input.js';
import { RestoredPicture } from './restored-picture.js';
import { type OpenedWeights, openWeights, saySkipped, WAYS } from './weights.js';
import { openNamed, type WeightsInput } from './weights-input.js';

/** Task, weights and engine of a model to load. */
export interface LoadOptions<Task extends string = string> extends Omit<EngineOptions, 'rewrite'> {
  /** Kind of damage to remove; default: the first of the paper's tasks. */
  readonly task?: Task;
  /**
   * Checkpoint: ours, plain .safetensors (also the index of several), or PyTorch's (.pth, .pt, .ckpt, .bin); the bytes
   * of the file decide, not its name. Given by its path, its URL (`file:`, or `https:`, which is downloaded once, into
   * the cache; `#sha256=HEX` at the end states the expected hash), an installed package of weights (`PACKAGE` or
   * `PACKAGE#NAME`), or its bytes. A path that exists wins. Default: the one that the paper's package carries for the
   * task, else that of another publisher's package which the paper knows and the user installed, else the one that
   * training with the quick recipe left in `runs/` of the working directory.
   */
  readonly weights?: WeightsInput;
  /**
   * Where the weights are in their file, for files that keep them in an unusual place: the key of a dictionary in a
   * PyTorch file, with dots to go further down, or the beginning of the names of its tensors (`net_g`, `state.ema`).
   */
  readonly weightsKey?: string;
  /** File that describes a network found by a search, if the checkpoint does not name it (MANAS). */
  readonly architecture?: string | URL;
}

/** A model that restores pictures in Node. */
export type PictureModel = Model<PictureInput, RestoredPicture>;

/** Makes the `load` function of a paper package. */
export function loaderOf<Task extends string>(
  model: InstalledModel<Task>,
): (options?: LoadOptions<Task>) => Promise<PictureModel> {
  return async (options = {}) => openModel(model, options);
}

/**
 * Reads weights and opens a session for them.
 * @param listener callbacks of a command, which show the weights and the engine to the user
 * @param signal aborts a download of weights
 * @throws UserError for an option that is unknown or out of range, weights that are missing, unreadable or of another network, and
 * an engine or a device that does not work here
 */
export async function openModel(
  entry: InstalledModel,
  options: LoadOptions,
  listener?: OpenListener,
  signal?: AbortSignal,
): Promise<PictureModel> {
  check(options);
  const { task = Object.keys(entry.tasks)[0]!, weights, weightsKey, architecture } = options;
  const chosen = {
    task,
    ...(weightsKey !== undefined && { weightsKey }),
    ...(architecture !== undefined && { architecture: pathOf(architecture) }),
  };
  const remedy = `give some ${listener ? 'with --weights' : 'by load({ weights })'}: ${WAYS}`;
  const listening = { remedy, listener, signal };
  const open = (weights?: string) =>
    openWeights(entry, { ...chosen, ...(weights !== undefined && { weights }) }, listening);
  const rename = (opened: OpenedWeights, shown: string) => ({ ...opened, shown });
  const { name: network, shown, ...opened } = await (weights === undefined ? open() : openNamed(weights, open, rename));
  if (listener) saySkipped(opened.checkpoint, listener);
  const engine = listener ? await chosenEngine(options, listener) : await openEngine(options);
  return new Model({
    network,
    weights: shown,
    engine: engine.description,
    threads: engine.threads,
    restorer: await Restorer.on(engine, opened.network, opened.checkpoint.weights),
    read: readInput,
    give: (restored) => new RestoredPicture(restored),
  });
}

const LOAD_OPTIONS: OptionNames<LoadOptions> = {
  task: true,
  weights: true,
  weightsKey: true,
  architecture: true,
  engine: true,
  device: true,
  threads: true,
};

/** Validates options, for callers in untyped JavaScript. */
function check(options: LoadOptions): void {
  refuseUnknown('load', options, LOAD_OPTIONS);
  const { engine = 'onnxruntime', device = 'cpu', threads = 1 } = options;
  const oneOf = (name: string, value: string, all: readonly string[]) => {
    const what = typeof value === 'string' ? `there is no ${name} "${value}"` : `${name} is ${valueText(value)}`;
    if (!all.includes(value)) throw new UserError(`${what}; choose one of ${all.join(', ')}`);
  };
  oneOf('engine', engine, ENGINES);
  oneOf('device', device, [...DEVICES, 'auto']);
  if (!(Number.isSafeInteger(threads) && threads > 0))
    throw new UserError(`threads is ${valueText(threads)}; give a whole number of 1 or more`);
}
