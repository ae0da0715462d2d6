import { DEVICES, ENGINES, type EngineOptions, openEngine, Restorer, UserError } from '@unweather/core-tensor';
import { chosenEngine } from './engine.js';
import type { InstalledModel } from './entry.js';
import type { OpenListener } from './listener.js';
import { Model } from './model.js';
import { type PictureInput, readInput } from './read-input.js';
import { RestoredPicture } from './restored-picture.js';
import { openWeights, saySkipped, WAYS } from './weights.js';

/** Task, weights and engine of a model to load. */
export interface LoadOptions<Task extends string = string> extends Omit<EngineOptions, 'rewrite'> {
  /** Kind of damage to remove; default: the first of the paper's tasks. */
  readonly task?: Task;
  /**
   * Checkpoint: ours, plain .safetensors, or PyTorch's .pth, .pt, .pk, .tar. Given by its path, its URL (downloaded
   * once, into the cache; `#sha256=HEX` at the end states the expected hash), or an installed package of weights
   * (`PACKAGE` or `PACKAGE#NAME`). Default: the one that the paper's package carries for the task, else that of another
   * publisher's package which the paper knows and the user installed, else the one that training with the quick recipe
   * left in `runs/` of the working directory.
   */
  readonly weights?: string;
  /** File that describes a network found by a search, if the checkpoint does not name it (MANAS). */
  readonly architecture?: string;
}

/** A model that restores pictures in Node. */
export type PictureModel = Model<PictureInput, RestoredPicture>;

/** Makes the `load` function of a paper package. */
export function loaderOf<Task extends string>(
  model: InstalledModel<Task>,
): (options?: LoadOptions<Task>) => Promise<PictureModel> {
  return (options = {}) => openModel(model, options);
}

/**
 * Reads weights and opens a session for them.
 * @param listener callbacks of a command, which show the weights and the engine to the user
 * @param signal aborts a download of weights
 * @throws UserError for an option that is out of range, weights that are missing, unreadable or of another network, and
 * an engine or a device that does not work here
 */
export async function openModel(
  entry: InstalledModel,
  options: LoadOptions,
  listener?: OpenListener,
  signal?: AbortSignal,
): Promise<PictureModel> {
  const { task = Object.keys(entry.tasks)[0]!, weights, architecture } = options;
  check(options);
  const chosen = {
    task,
    ...(weights !== undefined && { weights }),
    ...(architecture !== undefined && { architecture }),
  };
  const remedy = `give some ${listener ? 'with --weights' : 'by load({ weights })'}: ${WAYS}`;
  const listening = { remedy, listener, signal };
  const { name: network, shown, ...opened } = await openWeights(entry, chosen, listening);
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

/** Validates options, for callers in untyped JavaScript. */
function check({ engine = 'onnxruntime', device = 'cpu', threads = 1 }: LoadOptions): void {
  const oneOf = (what: string, value: string, all: readonly string[]) => {
    if (!all.includes(value)) throw new UserError(`there is no ${what} "${value}"; choose one of ${all.join(', ')}`);
  };
  oneOf('engine', engine, ENGINES);
  oneOf('device', device, [...DEVICES, 'auto']);
  if (!(Number.isSafeInteger(threads) && threads > 0))
    throw new UserError(`threads is ${threads}; give a whole number of 1 or more`);
}
