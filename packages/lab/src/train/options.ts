import type { EngineOptions } from '@unweather/core-tensor';
import type { OnBadPair } from '../bad-pairs.js';
import type { OnNan } from '../on-nan.js';
import type { FrozenFiles } from '../recipe.js';
import type { KeepingOptions } from './keeping.js';

export interface TrainOptions extends EngineOptions, FrozenFiles, KeepingOptions {
  readonly task: string;
  /** Name of a recipe, or path of a JSON file that holds one; ignored when resuming. */
  readonly recipe: string;
  /** Changes of the recipe, each `KEY=VALUE`. */
  readonly set?: readonly string[];
  /** Meta file of the training pairs; without it, the embedded photographs. */
  readonly data?: string;
  /** Meta file of held-out pairs, never trained on; without it, the embedded ones. */
  readonly heldOut?: string;
  /** Meta files of the validation sets; default: the held-out pairs. */
  readonly validate?: readonly string[];
  /** Folder the meta files' paths are relative to. */
  readonly root?: string;
  /** What is done about a pair that cannot be used; default: stop. */
  readonly onBadPair?: OnBadPair;
  /** Reaction to a loss or weights that are no longer numbers; default: stop. */
  readonly onNan?: OnNan;
  /** Folder for checkpoint, results and contact sheet. */
  readonly out: string;
  /** Number of steps, instead of the recipe's duration. */
  readonly steps?: number;
  /** File that describes a network found by a search; default: the task's own. */
  readonly architecture?: string;
  /** Initial weights instead of random ones: a file, a URL, or a package of weights. */
  readonly pretrained?: string;
  /** Where the initial weights are in their file, for files that keep them in an unusual place. */
  readonly weightsKey?: string;
  /** Random seed, instead of the recipe's. */
  readonly seed?: number;
  /** Reports which operators run on which device, and trains nothing. */
  readonly explain?: boolean;
  /** Reads everything, runs two steps, tells time and memory, and keeps nothing. */
  readonly dryRun?: boolean;
  /** Checkpoint to resume from. */
  readonly resume?: string;
  /** True if the options are those that the run was started with, as far as they are given. */
  readonly sameOptions?: boolean;
}
