import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  diverged,
  errorCode,
  exists,
  fileReason,
  firstNotFinite,
  keepUnder,
  type Parameter,
  type Progress,
  quoted,
  readMetadata,
  type State,
  UserError,
  writeCheckpoint,
} from '@unweather/core-tensor';
import type { Position } from './stage.js';
import type { WeightAverage } from './weight-average.js';

/** Files that a run writes, and what they say about it. */
export interface RunFiles {
  /** Folder of the checkpoint and of the other files that the run writes. */
  readonly folder: string;
  /** Name of the checkpoint in the folder. */
  readonly file: string;
  /** Name of the trained network. */
  readonly network: string;
  /** Name of the run, where a training consists of several: "teacher-haze"; for reports. */
  readonly part?: string;
  /** Name of the checkpoint's contents, if they are more than the network; default: `network`. */
  readonly contents?: string;
  /** Parameters of the trained network. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly seed: number;
  /** Number of checkpoints kept, the newest ones; default 2. */
  readonly keepLast?: number | undefined;
  /** Settings that identify the run, saved in every checkpoint. */
  readonly settings: unknown;
}

/** State of a run at a step, with its moving average. */
export interface Snapshot extends Position {
  readonly average: WeightAverage | undefined;
}

/**
 * Checkpoints of a run: the newest, and the ones before it under names of their own, all whole at any moment. The
 * average is written beside the newest.
 */
export class Checkpoints {
  /** Path of the newest checkpoint. */
  readonly path: string;
  /** Path of the average of the weights. */
  readonly averagePath: string;

  private constructor(
    private readonly run: RunFiles,
    /** Steps that the files hold, the newest first. */
    private steps: readonly number[],
  ) {
    this.path = join(run.folder, run.file);
    this.averagePath = join(run.folder, 'average.safetensors');
  }

  /** Finds what an earlier part of the run has written. @param from steps done */
  static async open(run: RunFiles, from: number): Promise<Checkpoints> {
    const paths = Array.from({ length: kept(run) }, (_, i) => join(run.folder, nameOf(run.file, i)));
    const steps = await Promise.all(paths.map((path) => stepIn(path, run)));
    const end = steps.findIndex((step) => step === undefined || step > from);
    return new Checkpoints(run, steps.slice(0, end < 0 ? steps.length : end) as number[]);
  }

  /** Step that the newest checkpoint holds; undefined if the run has written none. */
  get newest(): number | undefined {
    return this.steps[0];
  }

  /** Describes the files: "out/checkpoint.safetensors holds step 20, out/previous-checkpoint.safetensors step 10". */
  text(): string | undefined {
    const [newest, previous] = this.steps;
    if (newest === undefined) return undefined;
    const first = `${this.path} holds step ${newest}`;
    return previous === undefined || previous === newest
      ? first
      : `${first}, ${join(this.run.folder, nameOf(this.run.file, 1))} step ${previous}`;
  }

  /**
   * Writes a checkpoint; the ones before it are kept, as many as the run keeps.
   * @param averaged averaged weights to write beside it; default: those of the state's average
   * @throws DivergedError if the state is not made of numbers; nothing is written then
   * @throws UserError naming the file that cannot be written
   */
  async write(
    { done, state, rateShare, average }: Snapshot,
    averaged = average?.of(weightsOf(this.run.parameters, state)),
  ): Promise<void> {
    const { network, contents = network } = this.run;
    const whole = new Map([...state, ...(average?.saved() ?? [])]);
    requireNumbers(whole, done);
    if (this.newest !== undefined && this.newest !== done && (await exists(this.path))) await this.moveOn();
    await writeCheckpoint(this.path, contents, whole, this.progressOf({ done, rateShare }));
    this.steps = [done, ...this.steps.slice(1)];
    if (averaged) await this.writeWeights(this.averagePath, averaged, { done, rateShare });
  }

  /** Renames the checkpoints, each to the name of the one before it; the newest stays as well until it is replaced. */
  private async moveOn(): Promise<void> {
    const { folder, file } = this.run;
    const count = kept(this.run);
    for (let i = count - 1; i >= 2; i--)
      await renamed(join(folder, nameOf(file, i - 1)), join(folder, nameOf(file, i)));
    if (count > 1) await keepUnder(this.path, nameOf(file, 1));
    this.steps = [this.newest!, ...this.steps].slice(0, count);
  }

  /** Writes the weights of a step alone. @throws UserError naming the file that cannot be written */
  async writeWeights(path: string, weights: State, at: Pick<Snapshot, 'done' | 'rateShare'>): Promise<void> {
    await writeCheckpoint(path, this.run.network, weights, this.progressOf(at));
  }

  private progressOf({ done, rateShare = 1 }: Pick<Snapshot, 'done' | 'rateShare'>): Progress {
    const { seed, settings } = this.run;
    return { step: done, seed, recipe: settings, ...(rateShare !== 1 && { rateShare }) };
  }
}

function kept({ keepLast = 2 }: RunFiles): number {
  return keepLast;
}

/** Name of a run's checkpoint by its age, 0 for the newest. */
export function nameOf(file: string, age: number): string {
  return age === 0 ? file : age === 1 ? `previous-${file}` : `previous-${age}-${file}`;
}

async function renamed(from: string, to: string): Promise<void> {
  await rename(from, to).catch((thrown: unknown) => {
    if (errorCode(thrown) === 'ENOENT') return;
    throw new UserError(`${to}: cannot be written (${fileReason(thrown)}); correct the rights of the folder`);
  });
}

/** Weights of the network in the state of its run. */
export function weightsOf(parameters: RunFiles['parameters'], state: State): State {
  return new Map([...parameters.keys()].map((name) => [name, state.get(name)!]));
}

/** Requires a state of numbers. @param files of the last batch @throws DivergedError naming the tensor and the step */
export function requireNumbers(state: State, step: number, files: readonly string[] = []): void {
  const found = firstNotFinite(state);
  if (found === undefined) return;
  const { name, tensor, at } = found;
  throw diverged(step, `${quoted(name)} contains ${tensor.data[at]}, updated`, files);
}

/** Step of a checkpoint, if it is one of the run. */
async function stepIn(path: string, { network, contents = network, settings }: RunFiles): Promise<number | undefined> {
  const metadata = await readMetadata(path).catch(() => undefined);
  if (metadata?.network !== contents || metadata.recipe !== JSON.stringify(settings)) return undefined;
  return Number(metadata.step);
}
