import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type Checkpoint,
  commandOf,
  exists,
  formatOfFile,
  networkOf,
  type Parameter,
  type PictureNetwork,
  readCheckpoint,
  readingSlowly,
  requireFinite,
  UserError,
} from '@unweather/core-tensor';
import { type InstalledModel, networkNamed, networkOfTask, type TaskEntry } from './entry.js';
import { foreignPackageFor, installCommand, isInstalled, verifyTensors } from './foreign-packages.js';
import type { OpenListener } from './listener.js';
import { carriedWeights, type Listening, locateWeights } from './locate-weights.js';
import { pick } from './pick.js';

/** Path of the quick recipe's checkpoint: the default if no weights are named and the package carries none. */
export function quickWeights(model: InstalledModel, task: string): string {
  return model.quickWeights ?? `runs/${model.name}/${task}-quick/checkpoint.safetensors`;
}

/**
 * Finds the default weights: those that the paper's package carries (hours of training), else those of a foreign
 * package that the user installed, else those of the quick recipe (minutes of training) in the working directory.
 * Undefined if there are none.
 */
export async function usualWeights(model: InstalledModel, task: string): Promise<string | undefined> {
  return (await carriedWeights(model, task)) ?? (await foreignWeights(model, task)) ?? (await ownWeights(model, task));
}

/**
 * Finds the default weights without those of foreign packages, which are opened only for a model by its name.
 * Undefined if there are none.
 */
export async function ownWeights(model: InstalledModel, task: string): Promise<string | undefined> {
  const quick = quickWeights(model, task);
  return (await carriedWeights(model, task)) ?? ((await exists(quick)) ? quick : undefined);
}

/** Finds the name of the foreign package with weights for a task; undefined if none is known or it is not installed. */
export async function foreignWeights(model: InstalledModel, task: string): Promise<string | undefined> {
  const known = foreignPackageFor(model, task);
  return known && (await isInstalled(model, known)) ? known.name : undefined;
}

/** Describes the default of --weights, for its help text. */
export function usualWeightsText(model: InstalledModel): string {
  const packages = Object.values(model.foreign?.packages ?? {}).map(({ name }) => name);
  const foreign = packages.length === 0 ? '' : `else those of ${packages.join(', ')}, `;
  return `what the package carries, ${foreign}else ${quickWeights(model, 'TASK')}`;
}

/** Kinds of weights that --weights accepts. */
export const WAYS = 'a file, a URL, or a package of weights';

/** Command that trains the quick recipe's checkpoint, in the repository or where npm has installed the package. */
export function howToTrain(model: Pick<InstalledModel, 'name' | 'quickWeights' | 'home'>, task: string): string {
  return commandOf(model, model.quickWeights === undefined ? `train --task ${task}` : 'train');
}

/** Lists the checkpoints of a task's trainings in their default folders, sorted. */
export async function trainedWeights(model: InstalledModel, task: string): Promise<string[]> {
  const usual = quickWeights(model, task);
  const [runs, prefix] = [dirname(dirname(usual)), basename(dirname(usual)).replace(/quick$/, '')];
  const folders = async (folder: string) => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  };
  const own = (await folders(runs)).filter((folder) => basename(folder).startsWith(prefix));
  // A distillation writes two checkpoints, each in a folder of its own.
  const all = [...own, ...(await Promise.all(own.map(folders))).flat()].sort();
  const files = all.map((folder) => join(folder, basename(usual)));
  const there = await Promise.all(files.map(exists));
  return files.filter((_, i) => there[i]);
}

/** Options of a command that name the weights to use. */
export interface WeightsOptions {
  readonly task: string;
  /** Checkpoint: its path, its URL, or an installed package of weights; default: the usual ones. */
  readonly weights?: string;
  /** Where the weights are in their file, for files that keep them in an unusual place: `net_g`, `state.ema`. */
  readonly weightsKey?: string;
  /** File that describes the network, for checkpoints that do not name it. */
  readonly architecture?: string;
}

/** A checkpoint with its network. */
export interface OpenedWeights {
  /** Name of the weights for display. */
  readonly shown: string;
  readonly name: string;
  readonly network: PictureNetwork;
  readonly checkpoint: Checkpoint;
}

/**
 * Reads the weights of a task's network, the named ones or the default.
 * @param remedy alternative to training, for the error message if there are no weights
 * @throws UserError naming the file, or the command that trains weights if there are none; the signal's reason
 */
export async function openWeights(
  model: InstalledModel,
  options: WeightsOptions,
  { remedy, ...listening }: Listening & { readonly remedy?: string } = {},
): Promise<OpenedWeights> {
  const task = pick('task', model.tasks, options.task);
  if (options.weightsKey !== undefined && options.weights === undefined)
    throw new UserError('--weights-key (weightsKey) says where weights are in a file; name the file with --weights');
  const named = options.weights ?? (await usualWeights(model, options.task));
  if (named === undefined) throw noWeights(model, options.task, remedy);
  const { path, shown, foreign } = await locateWeights(model, named, listening);
  if (options.weights === undefined) listening.listener?.say?.(`weights: ${shown}`);
  const name = await networkIn(path, model, task, options.architecture, options.weightsKey);
  const network = networkNamed(model, name).create();
  const checkpoint = await readWeights(model, name, path, network.parameters(), options.weightsKey);
  if (foreign) verifyTensors(foreign, path, checkpoint.weights);
  return { shown, name, network, checkpoint };
}

/**
 * Makes the error for missing default weights: how to install those of a foreign package if one is known, else how to
 * train some.
 * @param remedy alternative to training, for the message
 */
export function noWeights(
  model: InstalledModel,
  task: string,
  remedy = `give some with --weights: ${WAYS}`,
): UserError {
  const known = foreignPackageFor(model, task);
  if (known)
    return new UserError(
      `${model.name}, ${task}: ${known.name} is not installed; run "${installCommand(known)}", or ${remedy}`,
    );
  return new UserError(
    `${model.name}, ${task}: there are no weights (no ${quickWeights(model, task)}, and the package carries none); ` +
      `train some with "${howToTrain(model, task)}", or ${remedy}`,
  );
}

/**
 * Reads the weights of a paper's network, from any kind of file that it accepts.
 * @param key where the weights are in their file: a key, or the beginning of the names of their tensors
 * @throws UserError naming the file
 */
export async function readWeights(
  model: InstalledModel,
  name: string,
  path: string,
  parameters: ReadonlyMap<string, Parameter>,
  key?: string,
): Promise<Checkpoint> {
  const { foreign } = model;
  if (!(await foreign?.matches(path)))
    return readCheckpoint(path, name, parameters, { unused: networkNamed(model, name).unused, key });
  if (key !== undefined) throw new UserError(`${path}: files of this kind have no keys; leave out --weights-key`);
  const checkpoint = await readingSlowly(path, `use a checkpoint of ${name}`, () =>
    foreign!.read(path, name, parameters),
  );
  requireFinite(path, checkpoint.weights);
  return checkpoint;
}

/** Finds the name of a file's network: stated in the file, given by the user, or the task's own. */
export async function networkIn(
  path: string,
  model: InstalledModel,
  task: TaskEntry,
  architecture?: string,
  key?: string,
): Promise<string> {
  const { found } = model;
  if (await model.foreign?.matches(path)) return task.network;
  const own = await networkOf(path);
  const name = networkOfTask(model, task, own);
  if (name === own || found === undefined) return name;
  if (architecture !== undefined) return found.read(architecture);
  return (await formatOfFile(path)) === 'pytorch' ? found.inCheckpoint(path, key) : name;
}

/** Reports the number of tensors of a checkpoint that were skipped. */
export function saySkipped({ path, skipped }: Checkpoint, listener: OpenListener): void {
  if (skipped > 0) listener.say?.(`${path}: left out ${skipped} tensors that the network does not use`);
}
