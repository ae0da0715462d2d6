import { DEVICES, ENGINES, type EngineOptions, openEngine, Restorer, UserError } from '@unweather/core-tensor';
import { chosenEngine } from '../engine.js';
import { pick } from '../pick.js';
import type { Paper } from '../recipe.js';
import type { Reporter } from '../reporter.js';
import { openWeights, saySkipped, WAYS } from '../weights.js';
import { Model } from './model.js';
import { type PictureInput, readInput } from './read-input.js';
import { RestoredPicture } from './restored-picture.js';

/** Which network, with which weights, on what. */
export interface LoadOptions<Task extends string = string> extends Omit<EngineOptions, 'rewrite'> {
  /** What to remove; default: the first of the paper's tasks. */
  readonly task?: Task;
  /**
   * Checkpoint: ours, plain .safetensors, or PyTorch's .pth, .pt, .pk, .tar; its path, its URL (downloaded once, into
   * the cache; `#sha256=HEX` at its end says what its hash must be), or an installed package of weights (`PACKAGE` or
   * `PACKAGE#NAME`). Default: the one that the paper's package carries for the task, else the one that training with the
   * quick recipe left in `runs/` of the working directory.
   */
  readonly weights?: string;
  /** File that describes the network, where a search found it and the checkpoint does not say it (MANAS). */
  readonly architecture?: string;
}

/** A model that restores pictures in Node. */
export type PictureModel = Model<PictureInput, RestoredPicture>;

/** The `load` of a paper package. */
export function loaderOf<Task extends string>(paper: Paper): (options?: LoadOptions<Task>) => Promise<PictureModel> {
  return (options = {}) => openModel(paper, options);
}

/**
 * Reads weights and makes a session for them.
 * @param reporter where a command says what it found
 * @param signal stops a download of weights
 * @throws UserError for an option that is out of range, weights that are missing, unreadable or of another network, and
 * an engine or a device that does not work here
 */
export async function openModel(
  paper: Paper,
  options: LoadOptions,
  reporter?: Reporter,
  signal?: AbortSignal,
): Promise<PictureModel> {
  const { task = Object.keys(paper.tasks)[0]!, architecture } = options;
  const described = pick('task', paper.tasks, task);
  check(options);
  const { weights } = options;
  const chosen = {
    task,
    ...(weights !== undefined && { weights }),
    ...(architecture !== undefined && { architecture }),
  };
  const remedy = `name some ${reporter ? 'with --weights' : 'by load({ weights })'}: ${WAYS}`;
  const listening = { remedy, reporter, signal };
  const { name: network, ...opened } = await openWeights(paper, described, chosen, listening);
  if (reporter) saySkipped(opened.checkpoint, reporter);
  const engine = reporter ? await chosenEngine(options, reporter) : await openEngine(options);
  return new Model({
    network,
    engine: engine.description,
    threads: engine.threads,
    restorer: await Restorer.on(engine, opened.network, opened.checkpoint.weights),
    read: readInput,
    give: (restored) => new RestoredPicture(restored),
  });
}

/** Holds options of JavaScript code without types. */
function check({ engine = 'onnxruntime', device = 'cpu', threads = 1 }: LoadOptions): void {
  const oneOf = (what: string, value: string, all: readonly string[]) => {
    if (!all.includes(value)) throw new UserError(`there is no ${what} "${value}"; choose one of ${all.join(', ')}`);
  };
  oneOf('engine', engine, ENGINES);
  oneOf('device', device, [...DEVICES, 'auto']);
  if (!(Number.isSafeInteger(threads) && threads > 0))
    throw new UserError(`threads is ${threads}; give a whole number of 1 or more`);
}
