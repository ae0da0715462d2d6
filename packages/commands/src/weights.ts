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
import { carriedWeights, type Listener, locateWeights } from './locate-weights.js';
import { networkNamed, type Paper, type Task } from './recipe.js';
import type { Reporter } from './reporter.js';

/** Checkpoint that a training with the quick recipe leaves; taken where none are named and the package carries none. */
export function quickWeights(paper: Paper, task: string): string {
  return paper.quickWeights ?? `runs/${paper.name}/${task}-quick/checkpoint.safetensors`;
}

/**
 * The weights that are taken where none are named: those that the paper's package carries, which hours made, else those of
 * the quick recipe, which minutes made, in the working directory. Undefined where there are none.
 */
export async function usualWeights(paper: Paper, task: string): Promise<string | undefined> {
  const quick = quickWeights(paper, task);
  return (await carriedWeights(paper, task)) ?? ((await isThere(quick)) ? quick : undefined);
}

/** What is taken where --weights is not given, for its help. */
export function usualWeightsText(paper: Paper): string {
  return `what the package carries, else ${quickWeights(paper, 'TASK')}`;
}

/** What --weights takes. */
export const WAYS = 'a file, a URL, or a package of weights';

/** The command that leaves a checkpoint there. */
export function howToTrain({ name, quickWeights }: Paper, task: string): string {
  return `npx nx run ${name}:train${quickWeights === undefined ? ` -- --task ${task}` : ''}`;
}

/** Every checkpoint that trainings of a task left where they leave them by default, sorted. */
export async function trainedWeights(paper: Paper, task: string): Promise<string[]> {
  const usual = quickWeights(paper, task);
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
 * Reads the weights of one of a task's networks.
 * @param remedy what to do, beside training, where none are named and there are none
 * @throws UserError naming the file; where none are named and there are none, how they are trained; the signal's reason
 */
export async function openWeights(
  paper: Paper,
  task: Task,
  options: WeightsOptions,
  { remedy, ...listener }: Listener & { readonly remedy?: string } = {},
): Promise<OpenedWeights> {
  const named = options.weights ?? (await usualWeights(paper, options.task));
  if (named === undefined) throw noWeights(paper, options.task, remedy);
  const { path, shown } = await locateWeights(paper, named, listener);
  if (options.weights === undefined) listener.reporter?.say?.(`weights: ${shown}`);
  const name = await networkIn(path, paper, task, options.architecture);
  const network = networkNamed(paper, name).create();
  return { shown, name, network, checkpoint: await readWeights(paper, name, path, network.parameters()) };
}

/** The error where no weights are named and there are none. @param remedy what to do, beside training */
export function noWeights(paper: Paper, task: string, remedy = `name some with --weights: ${WAYS}`): UserError {
  return new UserError(
    `${paper.name}, ${task}: there are no weights (no ${quickWeights(paper, task)}, and the package carries none); ` +
      `train some with "${howToTrain(paper, task)}", or ${remedy}`,
  );
}

/** Reads the weights of a network of a paper, from whatever kind of file it takes. @throws UserError naming the file */
export function readWeights(
  paper: Paper,
  name: string,
  path: string,
  parameters: ReadonlyMap<string, Parameter>,
): Promise<Checkpoint> {
  if (paper.foreign?.matches(path)) return paper.foreign.read(path, name, parameters);
  return readCheckpoint(path, name, parameters, { unused: networkNamed(paper, name).unused });
}

/** Name of the network a checkpoint is of: what it says itself, what the user says, or the task's own. */
export async function networkIn(path: string, paper: Paper, task: Task, architecture?: string): Promise<string> {
  const { found } = paper;
  if (paper.foreign?.matches(path)) return task.network;
  const others = task.otherNetworks ?? [];
  const own = await networkOf(path);
  if (own !== undefined && (others.includes(own) || found?.named(own) !== undefined)) return own;
  if (found !== undefined && architecture !== undefined) return found.read(architecture);
  return found !== undefined && isPyTorch(path) ? found.inCheckpoint(path) : task.network;
}

/** Says which tensors of a checkpoint were left aside. */
export function saySkipped({ path, skipped }: Checkpoint, reporter: Reporter): void {
  if (skipped > 0) reporter.say(`${path}: left out ${skipped} tensors that the network has no use for`);
}
