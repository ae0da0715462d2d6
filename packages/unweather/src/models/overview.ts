import { stat } from 'node:fs/promises';
import { elements, formatOfFile, messageOf, networkOf, readMetadata } from '@unweather/core-tensor';
import { type InstalledModel, locateWeights, networkNamed, networkOfTask, quickWeights } from '@unweather/model';
import { type KnownModel, MODELS } from '../papers.js';
import { trainingOf, withUsualWeights } from './choose.js';

/** Facts about a model on this machine; one line of `models`. */
export interface ModelOverview {
  readonly model: string;
  readonly removes: string;
  /** "Dual Residual Networks, CVPR 2019". */
  readonly paper: string;
  /** Name of the network: that of the weights, or the task's own where there are none. */
  readonly network: string;
  /** Number of trained values. */
  readonly parameters: number;
  /** Size of the trained values as float32, in bytes. */
  readonly bytes: number;
  /** Licence of the code, and of weights that it trains. */
  readonly licence: 'MIT';
  readonly weights: FoundWeights | { readonly path: string; readonly there: false; readonly train: string };
}

/** Weights that exist. */
export interface FoundWeights {
  /** Name, also for `--weights`: a path, or "@unweather/durn#rain" for weights that a package carries. */
  readonly name: string;
  readonly path: string;
  readonly there: true;
  /** SPDX expression of weights that a package carries; null for the user's own. */
  readonly licence: string | null;
  /** Path of their model card, if a package carries them. */
  readonly card: string | null;
  /** Size of the file, in bytes; it may hold the optimiser's moments, too. */
  readonly size: number;
  /** Training data, if the file records it. */
  readonly trainedOn: string | null;
  /** Error message, if the file cannot be read. */
  readonly problem?: string;
}

/** Every model, in the order of {@link MODELS}. */
export function overview(): Promise<ModelOverview[]> {
  return Promise.all(MODELS.map(overviewOf));
}

async function overviewOf(known: KnownModel): Promise<ModelOverview> {
  const found = await withUsualWeights(known);
  const { entry } = found;
  const task = entry.tasks[known.task]!;
  const weights =
    found.weights === undefined
      ? ({ path: quickWeights(entry, known.task), there: false, train: trainingOf(found) } as const)
      : await described(entry, found.weights);
  const own = weights.there && weights.problem === undefined ? await networkOf(weights.path) : undefined;
  const network = networkOfTask(entry, task, own);
  const parameters = countOf(networkNamed(entry, network).create().parameters());
  return {
    model: known.name,
    removes: known.removes,
    paper: entry.title,
    network,
    parameters,
    bytes: parameters * Float32Array.BYTES_PER_ELEMENT,
    licence: 'MIT',
    weights,
  };
}

/** Number of values that training changes, without running statistics. */
function countOf(parameters: ReadonlyMap<string, { shape: readonly number[]; dtype: string; trained: boolean }>) {
  return [...parameters.values()].reduce((sum, { shape, trained }) => sum + (trained ? elements(shape) : 0), 0);
}

async function described(entry: InstalledModel, name: string): Promise<FoundWeights> {
  const { path, licence = null, card = null } = await locateWeights(entry, name);
  const { size } = await stat(path);
  const found = { name, path, there: true, size, licence, card, trainedOn: null } as const;
  try {
    if ((await formatOfFile(path)) !== 'safetensors') return found;
    const { recipe } = await readMetadata(path);
    return { ...found, trainedOn: trainedOn(recipe) };
  } catch (thrown) {
    return { ...found, problem: messageOf(thrown) };
  }
}

/** Training data, from the recipe that a checkpoint records. */
function trainedOn(recipe: string | undefined): string | null {
  if (recipe === undefined) return null;
  return /"embedded\/|[\\/]embedded[\\/]train\b/.test(recipe) ? 'the embedded photographs' : 'pairs that --data named';
}
