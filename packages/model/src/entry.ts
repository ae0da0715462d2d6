import type { Checkpoint, Parameter, PictureNetwork } from '@unweather/core-tensor';
import { pick } from './pick.js';

/** A network of a paper. */
export interface NetworkEntry {
  /** A new network, whose parameters have no values yet. */
  create(): PictureNetwork;
  /** True if the network does not use the tensor of this name in official checkpoints. */
  unused?(tensor: string): boolean;
}

/** One kind of damage that a paper removes. */
export interface TaskEntry {
  /** Name of the damage in words: "rain streaks". */
  readonly title: string;
  /** Name of one of the paper's networks. */
  readonly network: string;
  /** Further networks of the paper whose checkpoints the task accepts. */
  readonly otherNetworks?: readonly string[];
}

/** Networks found by architecture search rather than listed; each can be built from its name. */
export interface FoundNetworks {
  /** Builds a network from its name; undefined for a name of another kind. */
  named(name: string): NetworkEntry | undefined;
}

/** A paper's networks and tasks: everything that restoring needs, in Node and in browsers. */
export interface ModelEntry<Task extends string = string> {
  /** Short name, as in `nx run durn:train`. */
  readonly name: string;
  /** Title and venue of the paper: "Dual Residual Networks, CVPR 2019". */
  readonly title: string;
  readonly networks: Readonly<Record<string, NetworkEntry>>;
  /** The first task is the default. */
  readonly tasks: Readonly<Record<Task, TaskEntry>>;
  readonly found?: FoundNetworks;
}

/** Networks found by a search, and files that describe or hold them. */
export interface FoundInFiles extends FoundNetworks {
  /** Reads the name of the network that a user's file describes. @throws UserError naming the file and its fault */
  read(file: string): Promise<string>;
  /**
   * Finds the name of the network of a PyTorch file's weights.
   * @param key where the weights are in the file, if in an unusual place
   * @throws UserError naming the file if it is unclear
   */
  inCheckpoint(file: string, key?: string): Promise<string>;
}

/** Checkpoints in a format that core-tensor cannot read; they hold a task's own network. */
export interface ForeignCheckpoints {
  /** True if the file is such a checkpoint, by its name or by its bytes. */
  matches(path: string): boolean | Promise<boolean>;
  /** Reads a file's weights. @throws UserError naming the file and the tensor that is missing or has another shape */
  read(path: string, network: string, parameters: ReadonlyMap<string, Parameter>): Promise<Checkpoint>;
  /** npm packages of other publishers that hold weights, by task; users install them themselves. */
  readonly packages?: Readonly<Record<string, ForeignPackage>>;
}

/**
 * An npm package of another publisher with weights for a task. It is opened where the model is named, and is never the
 * default for a weather.
 */
export interface ForeignPackage {
  /** Name on npm: "@someone/weights". */
  readonly name: string;
  /** The version whose weights are known. */
  readonly version: string;
  /** Path of the checkpoint in the package. */
  readonly file: string;
  /** SHA-256 of the tensors that the network takes from it, in the order of their names (`hashByName`). */
  readonly sha256: string;
  /** Model card, in the paper's package. */
  readonly card: URL;
}

/** A paper's model with access to files: its package may carry weights, and other formats can be read. */
export interface InstalledModel<Task extends string = string> extends ModelEntry<Task> {
  /** Folder of the package; its package.json lists the weights it carries. */
  readonly home: URL;
  readonly found?: FoundInFiles;
  readonly foreign?: ForeignCheckpoints;
  /** Path of the quick recipe's checkpoint, if one checkpoint serves all tasks. */
  readonly quickWeights?: string;
}

/** Looks up a network of a paper by name, listed or found. @throws UserError listing the known names */
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
 * Determines the network of a task's checkpoint.
 * @param own name stated in the checkpoint; undefined if it states none
 * @returns the stated name if the task accepts such checkpoints, else the task's own network
 */
export function networkOfTask({ found }: Pick<ModelEntry, 'found'>, task: TaskEntry, own: string | undefined): string {
  const taken = own !== undefined && (task.otherNetworks?.includes(own) || found?.named(own) !== undefined);
  return taken ? own : task.network;
}
