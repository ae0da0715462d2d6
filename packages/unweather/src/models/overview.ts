import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { elements, formatOfFile, messageOf, networkOf, readMetadata, UserError } from '@unweather/core-tensor';
import {
  foreignPackageFor,
  type InstalledModel,
  installCommand,
  type LocatedWeights,
  locateWeights,
  networkNamed,
  networkOfTask,
  ownWeights,
  quickWeights,
} from '@unweather/model';
import { type MeasuredRow, measuredIn } from '@unweather/weights/find';
import { MODELS } from '../papers.js';
import { type ModelWithWeights, trainingOf, withUsualWeights } from './choose.js';
import { readSpeed } from './speed.js';

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
  /** Time for a picture; null if it was not measured. */
  readonly time: ModelTime | null;
  readonly weights: FoundWeights | MissingWeights;
}

/** Measured time of a model, beside that of its weather's default. */
export interface ModelTime {
  /** Processor seconds for a picture of `pixels` pixels, on one thread of `cpu`. */
  readonly seconds: number;
  readonly pixels: number;
  /** Name of the model that `--model WEATHER` takes; null if none has weights, or its time was not measured. */
  readonly beside: string | null;
  /** Time, divided by that of `beside`: 2 takes twice as long. */
  readonly ratio: number | null;
  readonly cpu: string;
  /** Date of the measurement, ISO 8601. */
  readonly date: string;
}

/** Weights that do not exist here. */
export interface MissingWeights {
  readonly path: string;
  readonly there: false;
  /** Command that trains them, in the repository. */
  readonly train: string;
  /** Command that installs weights of another publisher; null if none are known. */
  readonly install: string | null;
}

/** Weights that exist. */
export interface FoundWeights {
  /** Name, also for `--weights`: a path, or "@unweather/durn#rain" for weights that a package carries. */
  readonly name: string;
  readonly path: string;
  readonly there: true;
  /** Licence that their package states; null for the user's own. */
  readonly licence: string | null;
  /** Path of their model card, if a package carries them. */
  readonly card: string | null;
  /** Scores that their card states, each by its protocol; none for the user's own. */
  readonly measured: readonly MeasuredRow[];
  /** Size in bytes: of the file, which may hold the optimiser's moments, too; of the folder, for other publishers. */
  readonly size: number;
  /** Training data, if the file records it. */
  readonly trainedOn: string | null;
  /** Error message, if the file cannot be read. */
  readonly problem?: string;
}

type WithoutTime = Omit<ModelOverview, 'time'>;

/** Every model, in the order of {@link MODELS}. */
export async function overview(): Promise<ModelOverview[]> {
  const found = await Promise.all(MODELS.map(withUsualWeights));
  const all = await Promise.all(found.map(async (one) => ({ ...one, about: await overviewOf(one) })));
  return Promise.all(all.map(async (one) => ({ ...one.about, time: await timeOf(one, all) })));
}

async function overviewOf(found: ModelWithWeights): Promise<WithoutTime> {
  const { entry, model: known } = found;
  const task = entry.tasks[known.task]!;
  const weights = found.weights === undefined ? missing(found) : await described(entry, found.weights);
  const network = networkOfTask(entry, task, await networkIn(entry, weights));
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

/** Name of the network that weights state; undefined for weights that state none. */
async function networkIn({ foreign }: InstalledModel, weights: ModelOverview['weights']): Promise<string | undefined> {
  const stated = weights.there && weights.problem === undefined && !(await foreign?.matches(weights.path));
  return stated ? networkOf(weights.path) : undefined;
}

interface Described extends Pick<ModelWithWeights, 'entry' | 'model'> {
  readonly about: WithoutTime;
}

/** Time of a model's network, beside that of the first model for the same weather that has weights of ours. */
async function timeOf({ entry, about }: Described, all: readonly Described[]): Promise<ModelTime | null> {
  const speed = await readSpeed(entry);
  const own = speed?.networks[about.network];
  if (speed === undefined || own === undefined) return null;
  const [width, height] = speed.size;
  const usual = await defaultFor(about.removes, all);
  const other = usual && (await readSpeed(usual.entry))?.networks[usual.about.network];
  return {
    seconds: own.seconds,
    pixels: width * height,
    beside: other ? usual.about.model : null,
    ratio: other ? own.ratio / other.ratio : null,
    cpu: speed.cpu,
    date: speed.date,
  };
}

/** Finds the model that `--model WEATHER` takes. */
async function defaultFor(removes: string, all: readonly Described[]): Promise<Described | undefined> {
  for (const found of all)
    if (found.about.removes === removes && (await ownWeights(found.entry, found.model.task)) !== undefined)
      return found;
  return undefined;
}

/** Number of values that training changes, without running statistics. */
function countOf(parameters: ReadonlyMap<string, { shape: readonly number[]; dtype: string; trained: boolean }>) {
  return [...parameters.values()].reduce((sum, { shape, trained }) => sum + (trained ? elements(shape) : 0), 0);
}

function missing({ model, entry }: ModelWithWeights): MissingWeights {
  const known = foreignPackageFor(entry, model.task);
  const train = trainingOf({ model, entry });
  const path = quickWeights(entry, model.task);
  return { path, there: false, train, install: known ? installCommand(known) : null };
}

async function described(entry: InstalledModel, name: string): Promise<FoundWeights> {
  const none = {
    name,
    path: name,
    there: true,
    size: 0,
    licence: null,
    card: null,
    measured: [],
    trainedOn: null,
  } as const;
  try {
    return await existing(entry, name);
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    return { ...none, problem: messageOf(thrown) };
  }
}

async function existing(entry: InstalledModel, name: string): Promise<FoundWeights> {
  const located = await locateWeights(entry, name);
  const { path, licence = null, card = null } = located;
  const measured = card === null ? [] : measuredIn(await readFile(card, 'utf8'));
  const size = await sizeOf(located);
  const found = { name, path, there: true, size, licence, card, measured, trainedOn: null } as const;
  if (located.foreign || (await entry.foreign?.matches(path))) return found;
  try {
    if ((await formatOfFile(path)) !== 'safetensors') return found;
    const { recipe } = await readMetadata(path);
    return { ...found, trainedOn: trainedOn(recipe) };
  } catch (thrown) {
    return { ...found, problem: messageOf(thrown) };
  }
}

async function sizeOf({ path, foreign }: LocatedWeights): Promise<number> {
  if (foreign === undefined) return (await stat(path)).size;
  const folder = dirname(path);
  const sizes = (await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Training data, from the recipe that a checkpoint records. */
function trainedOn(recipe: string | undefined): string | null {
  if (recipe === undefined) return null;
  return /"embedded\/|[\\/]embedded[\\/]train\b/.test(recipe) ? 'the embedded photographs' : 'pairs that --data named';
}
