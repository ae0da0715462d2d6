import { access, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type Checkpoint,
  isPyTorch,
  networkOf,
  type Parameter,
  type PictureNetwork,
  readCheckpoint,
  UserError,
} from '@unweather/core-tensor';
import { type InstalledModel, networkNamed, networkOfTask, type TaskEntry } from './entry.js';
import type { OpenListener } from './listener.js';
import { carriedWeights, type Listening, locateWeights } from './locate-weights.js';
import { pick } from './pick.js';

/** Checkpoint that a training with the quick recipe leaves; taken where none are named and the package carries none. */
export function quickWeights(model: InstalledModel, task: string): string {
  return model.quickWeights ?? `runs/${model.name}/${task}-quick/checkpoint.safetensors`;
}

/**
 * The weights that are taken where none are named: those that the paper's package carries, which hours made, else those of
 * the quick recipe, which minutes made, in the working directory. Undefined where there are none.
 */
export async function usualWeights(model: InstalledModel, task: string): Promise<string | undefined> {
  const quick = quickWeights(model, task);
  return (await carriedWeights(model, task)) ?? ((await isThere(quick)) ? quick : undefined);
}

/** What is taken where --weights is not given, for its help. */
export function usualWeightsText(model: InstalledModel): string {
  return `what the package carries, else ${quickWeights(model, 'TASK')}`;
}

/** What --weights takes. */
export const WAYS = 'a file, a URL, or a package of weights';

/** The command that leaves a checkpoint there. */
export function howToTrain(
  { name, quickWeights }: Pick<InstalledModel, 'name' | 'quickWeights'>,
  task: string,
): string {
  return `npx nx run ${name}:train${quickWeights === undefined ? ` -- --task ${task}` : ''}`;
}

/** Every checkpoint that trainings of a task left where they leave them by default, sorted. */
export async function trainedWeights(model: InstalledModel, task: string): Promise<string[]> {
  const usual = quickWeights(model, task);
  const [runs, prefix] = [dirname(dirname(usual)), basename(dirname(usual)).replace(/quick$/, '')];
  const folders = async (folder: string) => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  };
  const own = (await folders(runs)).filter((folder) => basename(folder).startsWith(prefix));
  // A distillation leaves two in folders of their own.
  const all = [...own, ...(await Promise.all(own.map(folders))).flat()].sort();
  const files = all.map((folder) => join(folder, basename(usual)));
  const there = await Promise.all(files.map(isThere));
  return files.filter((_, i) => there[i]);
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Which weights a command takes. */
export interface WeightsOptions {
  readonly task: string;
  /** Checkpoint: its path, its URL, or an installed package of weights; default: the usual ones. */
  readonly weights?: string;
  /** File that describes the network they are of, where the checkpoint does not say it. */
  readonly architecture?: string;
}

/** A checkpoint with the network it is of. */
export interface OpenedWeights {
  /** How the weights are named to people. */
  readonly shown: string;
  readonly name: string;
  readonly network: PictureNetwork;
  readonly checkpoint: Checkpoint;
}

/**
 * Reads the weights of a network of a task.
 * @param remedy what to do, beside training, where none are named and there are none
 * @throws UserError naming the file; where none are named and there are none, how they are trained; the signal's reason
 */
export async function openWeights(
  model: InstalledModel,
  options: WeightsOptions,
  { remedy, ...listening }: Listening & { readonly remedy?: string } = {},
): Promise<OpenedWeights> {
  const task = pick('task', model.tasks, options.task);
  const named = options.weights ?? (await usualWeights(model, options.task));
  if (named === undefined) throw noWeights(model, options.task, remedy);
  const { path, shown } = await locateWeights(model, named, listening);
  if (options.weights === undefined) listening.listener?.say?.(`weights: ${shown}`);
  const name = await networkIn(path, model, task, options.architecture);
  const network = networkNamed(model, name).create();
  return { shown, name, network, checkpoint: await readWeights(model, name, path, network.parameters()) };
}

/** The error where no weights are named and there are none. @param remedy what to do, beside training */
export function noWeights(
  model: InstalledModel,
  task: string,
  remedy = `name some with --weights: ${WAYS}`,
): UserError {
  return new UserError(
    `${model.name}, ${task}: there are no weights (no ${quickWeights(model, task)}, and the package carries none); ` +
      `train some with "${howToTrain(model, task)}", or ${remedy}`,
  );
}

/** Reads the weights of a network of a paper, from whatever kind of file it takes. @throws UserError naming the file */
export function readWeights(
  model: InstalledModel,
  name: string,
  path: string,
  parameters: ReadonlyMap<string, Parameter>,
): Promise<Checkpoint> {
  if (model.foreign?.matches(path)) return model.foreign.read(path, name, parameters);
  return readCheckpoint(path, name, parameters, { unused: networkNamed(model, name).unused });
}

/** Name of the network that a file's weights are of: what it says itself, what the user says, or the task's own. */
export async function networkIn(
  path: string,
  model: InstalledModel,
  task: TaskEntry,
  architecture?: string,
): Promise<string> {
  const { found } = model;
  if (model.foreign?.matches(path)) return task.network;
  const own = await networkOf(path);
  const name = networkOfTask(model, task, own);
  if (name === own || found === undefined) return name;
  if (architecture !== undefined) return found.read(architecture);
  return isPyTorch(path) ? found.inCheckpoint(path) : name;
}

/** Says how many tensors of a checkpoint were left aside. */
export function saySkipped({ path, skipped }: Checkpoint, listener: OpenListener): void {
  if (skipped > 0) listener.say?.(`${path}: left out ${skipped} tensors that the network has no use for`);
}
