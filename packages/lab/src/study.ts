import type { Loss, State } from '@unweather/core-tensor';
import type { DegradationName } from '@unweather/datasets';
import type { Protocol } from '@unweather/eval';
import type { FoundInFiles, InstalledModel, NetworkEntry, TaskEntry } from '@unweather/model';
import type { GoldenCheck } from './parity/compare.js';
import type { EquippedLoss, Recipe } from './recipe.js';

/** Facts of a network that training and parity need. */
export interface NetworkFacts {
  /** Losses by the names that golden files give them; the first is meant where a file says nothing. */
  readonly losses: Readonly<Record<string, Loss | EquippedLoss>>;
  /**
   * L2 norm that float32 leaves of a gradient which is zero in exact arithmetic (biases before a norm). Below it
   * gradients are not compared.
   */
  readonly gradientNoise: number;
  /** Share by which a gradient's norm may differ: the distance of the official code's float32 from its float64. */
  readonly gradientShare: number;
  /** Amount by which rounding alone moves an output value in a few training steps; that much is allowed. */
  readonly stepsNoise: number;
  /** First weights changed so that the network gives its input back. */
  asIdentity?(first: State): State;
}

/** A network with the facts of its study. */
export type NetworkStudy = NetworkEntry & NetworkFacts;

/** Facts of a task that training and evaluation need. */
export interface TaskFacts {
  readonly recipes: Readonly<Record<string, Recipe>>;
  readonly losses: Readonly<Record<string, Loss | EquippedLoss>>;
  /** Protocols that score results; the first is the default. */
  readonly protocols: readonly [Protocol, ...Protocol[]];
  /** Damage that is drawn on the embedded photographs. */
  readonly degradation: DegradationName;
  /** Splits that score it where they are prepared: "dataset/split" of datasets.json, and the protocol's name. */
  readonly benchmarks: Readonly<Record<string, string>>;
}

/** A task with the facts of its study. */
export type TaskStudy = TaskEntry & TaskFacts;

/**
 * Checks a golden file that is of no network: of losses, metrics, schedules, data. It throws where the file cannot be
 * checked, with the reason.
 * @param beside reads another golden file of the same folder
 */
export type FileCheck = (
  golden: unknown,
  beside: (file: string) => Promise<unknown>,
) => Promise<GoldenCheck[]> | GoldenCheck[];

/** Places of a study's files, and checks of golden files that are of no network. */
export interface StudyFiles {
  /** Module that exports the protocols of all tasks: threads that score load it. */
  readonly protocols: URL;
  /** published.json: numbers of the paper and of its repository, shown beside measured ones. */
  readonly published: URL;
  /** Folder of the package's own golden files. */
  readonly goldens: URL;
  /** Checks by file name, in which `*` stands for any letters; such files are not taken for a network's. */
  readonly checks?: Readonly<Record<string, FileCheck>>;
}

/** Networks that a search finds, with the facts of their study. */
export interface FoundStudies extends FoundInFiles {
  /** The network of a name; undefined for a name of another kind. */
  named(name: string): NetworkStudy | undefined;
}

/** A paper's model with all that reproduces the paper: recipes, losses, protocols, golden values. */
export interface Study extends InstalledModel, StudyFiles {
  readonly networks: Readonly<Record<string, NetworkStudy>>;
  readonly tasks: Readonly<Record<string, TaskStudy>>;
  readonly found?: FoundStudies;
}

/** Parts that make a model a study. */
interface StudyParts<Network extends string, Task extends string> extends StudyFiles {
  readonly networks: Readonly<Record<Network, NetworkFacts>>;
  readonly tasks: Readonly<Record<Task, TaskFacts>>;
  /** Facts of every network that a search finds. */
  readonly found?: NetworkFacts;
}

/** A study of a model: each of its networks and tasks with its facts. */
export function studyOf<Network extends string, Task extends string>(
  model: InstalledModel<Task> & { readonly networks: Readonly<Record<Network, NetworkEntry>> },
  { networks, tasks, found: facts, ...files }: StudyParts<Network, Task>,
): Study {
  const { found, ...entry } = model;
  const named = (name: string) => {
    const network = found?.named(name);
    return network && facts && { ...network, ...facts };
  };
  return {
    ...entry,
    ...files,
    networks: joined(model.networks, networks),
    tasks: joined(model.tasks, tasks),
    ...(found && { found: { ...found, named } }),
  };
}

function joined<Key extends string, A extends object, B extends object>(
  first: Readonly<Record<Key, A>>,
  second: Readonly<Record<Key, B>>,
): Record<Key, A & B> {
  const entries = (Object.keys(first) as Key[]).map((key) => [key, { ...first[key], ...second[key] }]);
  return Object.fromEntries(entries) as Record<Key, A & B>;
}
