import type { Checkpoint, Parameter, PictureNetwork } from '@unweather/core-tensor';
import { pick } from './pick.js';

/** A network of a paper. */
export interface NetworkEntry {
  /** A new network, whose parameters have no values yet. */
  create(): PictureNetwork;
  /** True for a tensor of the official checkpoints, by its name, that the network has no use for. */
  unused?(tensor: string): boolean;
}

/** One kind of damage that a paper removes. */
export interface TaskEntry {
  /** Name of the damage in words: "rain streaks". */
  readonly title: string;
  /** Name of one of the paper's networks. */
  readonly network: string;
  /** Further networks of the paper whose checkpoints the task takes. */
  readonly otherNetworks?: readonly string[];
}

/** Networks that a search finds and no list names; each has a name from which it can be built. */
export interface FoundNetworks {
  /** The network of a name; undefined for a name of another kind. */
  named(name: string): NetworkEntry | undefined;
}

/** A paper's networks and tasks: all that restoring needs to know, in Node and in browsers. */
export interface ModelEntry<Task extends string = string> {
  /** Short name, as in `nx run durn:train`. */
  readonly name: string;
  /** Name and place of the paper: "Dual Residual Networks, CVPR 2019". */
  readonly title: string;
  readonly networks: Readonly<Record<string, NetworkEntry>>;
  /** The first task is the default. */
  readonly tasks: Readonly<Record<Task, TaskEntry>>;
  readonly found?: FoundNetworks;
}

/** Files that describe or hold a found network. */
export interface FoundInFiles extends FoundNetworks {
  /** Name of the network that a user's file describes. @throws UserError naming the file and its fault */
  read(file: string): Promise<string>;
  /** Name of the network whose weights a PyTorch file holds. @throws UserError naming the file where it cannot be told */
  inCheckpoint(file: string): Promise<string>;
}

/** Checkpoints that core-tensor does not read; they are of a task's own network. */
export interface ForeignCheckpoints {
  /** True for a file of this kind, by its name. */
  matches(path: string): boolean;
  /** Weights of a file. @throws UserError naming the file and what is missing or of another shape */
  read(path: string, network: string, parameters: ReadonlyMap<string, Parameter>): Promise<Checkpoint>;
}

/** A paper's model where there are files: its package may carry weights, and other formats can be read. */
export interface InstalledModel<Task extends string = string> extends ModelEntry<Task> {
  /** Folder of the package; its package.json lists the weights it carries. */
  readonly home: URL;
  readonly found?: FoundInFiles;
  readonly foreign?: ForeignCheckpoints;
  /** Checkpoint that the quick recipe leaves, where one serves all tasks. */
  readonly quickWeights?: string;
}

/** A network of a paper by its name, listed or found. @throws UserError listing the names there are */
export function networkNamed<Entry extends NetworkEntry>(
  {
    networks,
    found,
  }: {
    readonly networks: Readonly<Record<string, Entry>>;
    readonly found?: { named(name: string): Entry | undefined };
  },
  name: string,
): Entry {
  return found?.named(name) ?? pick('network', networks, name);
}

/**
 * Name of the network that a checkpoint of a task is of.
 * @param own name that the checkpoint itself states; undefined where it states none
 * @returns the stated name where the task takes such checkpoints, else the task's own network
 */
export function networkOfTask({ found }: Pick<ModelEntry, 'found'>, task: TaskEntry, own: string | undefined): string {
  const taken = own !== undefined && (task.otherNetworks?.includes(own) || found?.named(own) !== undefined);
  return taken ? own : task.network;
}
