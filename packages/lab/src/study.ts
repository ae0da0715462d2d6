import type { Loss, State } from '@unweather/core-tensor';
import type { DegradationName } from '@unweather/datasets';
import type { Protocol } from '@unweather/eval';
import type { FoundInFiles, InstalledModel, NetworkEntry, TaskEntry } from '@unweather/model';
import type { GoldenCheck } from './parity/compare.js';
import type { EquippedLoss, Recipe } from './recipe.js';

/** Facts of a network that training and parity need. */
export interface NetworkFacts {
  /** Losses by their names in golden files; the first is the default for files that name none. */
  readonly losses: Readonly<Record<string, Loss | EquippedLoss>>;
  /**
   * L2 norm of rounding noise in float32 gradients that are zero in exact arithmetic (biases before a norm). Gradients
   * below it are not compared.
   */
  readonly gradientNoise: number;
  /** Relative tolerance of a gradient's norm: the difference between the official code's float32 and float64. */
  readonly gradientShare: number;
  /** Absolute tolerance of output values after a few training steps: the change that rounding alone causes. */
  readonly stepsNoise: number;
  /** Changes initial weights so that the network returns its input. */
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
  /** Damage that is synthesised on the embedded photographs. */
  readonly degradation: DegradationName;
  /** Protocol names by "dataset/split" of datasets.json: the splits that score the task where they are prepared. */
  readonly benchmarks: Readonly<Record<string, string>>;
}

/** A task with the facts of its study. */
export type TaskStudy = TaskEntry & TaskFacts;

/**
 * Checks a golden file of losses, metrics, schedules or data rather than of a network. Throws an error with the reason
 * if the file cannot be checked.
 * @param beside reads another golden file of the same folder
 */
export type FileCheck = (
  golden: unknown,
  beside: (file: string) => Promise<unknown>,
) => Promise<GoldenCheck[]> | GoldenCheck[];

/** Locations of a study's files, and checks of golden files that do not belong to a network. */
export interface StudyFiles {
  /** Module that exports the protocols of all tasks; scoring threads load it. */
  readonly protocols: URL;
  /** published.json: numbers from the paper and its repository, shown beside measured ones. */
  readonly published: URL;
  /** Folder of the package's own golden files. */
  readonly goldens: URL;
  /** Checks by file name, where `*` matches any letters; matching files are not treated as a network's. */
  readonly checks?: Readonly<Record<string, FileCheck>>;
}

/** Networks that a search finds, with the facts of their study. */
export interface FoundStudies extends FoundInFiles {
  /** Finds a network by name; undefined for a name of another kind. */
  named(name: string): NetworkStudy | undefined;
}

/** A paper's model with everything to reproduce the paper: recipes, losses, protocols, golden values. */
export interface Study extends InstalledModel, StudyFiles {
  readonly networks: Readonly<Record<string, NetworkStudy>>;
  readonly tasks: Readonly<Record<string, TaskStudy>>;
  readonly found?: FoundStudies;
}

/** Parts that turn a model into a study. */
interface StudyParts<Network extends string, Task extends string> extends StudyFiles {
  readonly networks: Readonly<Record<Network, NetworkFacts>>;
  readonly tasks: Readonly<Record<Task, TaskFacts>>;
  /** Facts of every network that a search finds. */
  readonly found?: NetworkFacts;
}

/** Makes the study of a model by adding the facts of each network and task. */
export function studyOf<Network extends string, Task extends string>(
  model: InstalledModel<Task> & { readonly networks: Readonly<Record<Network, NetworkEntry>> },
  { networks, tasks, found: facts, ...files }: StudyParts<NoInfer<Network>, NoInfer<Task>>,
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
