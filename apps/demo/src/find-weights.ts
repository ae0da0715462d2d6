import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  checkpointOf,
  fileReason,
  isClutter,
  readSafetensors,
  UserError,
  writableFolder,
  writeCheckpoint,
} from '@unweather/core-tensor';
import { type InstalledModel, type ModelEntry, networkNamed } from '@unweather/model';
import { MODELS as KNOWN, PAPER_LIST, PAPERS } from 'unweather/papers';
import type { OfferedModel, OfferedWeights } from '../page/manifest.js';

/** Model of every paper, by its name. */
const MODELS: ReadonlyMap<string, InstalledModel> = new Map(
  await Promise.all(PAPER_LIST.map(async ([name, row]) => [name, (await row.model()).model] as const)),
);

/** Every model as the page lists it, weather by weather. */
export function offeredModels(): OfferedModel[] {
  return KNOWN.map(({ paper, task }) => {
    const { title } = MODELS.get(paper)!.tasks[task]!;
    return { paper, task, title: `${title[0]!.toUpperCase()}${title.slice(1)}`, label: PAPERS[paper].label };
  });
}

/** Weights that were found, and files that were skipped, with the reason. */
export interface FoundWeights {
  readonly offered: readonly OfferedWeights[];
  readonly left: readonly string[];
}

/** Folder of checkpoints, and its name on the page. */
export interface WeightsFolder {
  readonly folder: string;
  readonly name: string;
}

/** Folders of the weights that the papers' packages carry. */
export function carriedFolders(): WeightsFolder[] {
  return [...MODELS]
    .map(([paper, { home }]) => ({ folder: fileURLToPath(new URL('weights', home)), name: `@unweather/${paper}` }))
    .filter(({ folder }) => existsSync(folder));
}

/**
 * Copies the weights of all our checkpoints below some folders, without data that only training needs.
 * @param out folder of the app
 * @throws UserError naming a folder that cannot be read, or a broken file
 */
export async function copyWeights(folders: readonly WeightsFolder[], out: string): Promise<FoundWeights> {
  const [offered, left]: [OfferedWeights[], string[]] = [[], []];
  await writableFolder(join(out, 'weights'));
  for (const { folder, name } of folders)
    for (const path of await filesBelow(folder)) {
      const copied = await copy(path, join(name, relative(folder, path)), out);
      if (typeof copied === 'string') left.push(`${path}: ${copied}`);
      else offered.push(copied);
    }
  return { offered: offered.sort((a, b) => rank(a) - rank(b)), left };
}

/** Rank of weights among all models: rain first, as everywhere. */
function rank({ paper, tasks }: OfferedWeights): number {
  return KNOWN.findIndex((model) => model.paper === paper && tasks.includes(model.task));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((thrown: unknown) => {
    throw new UserError(
      `${folder}: cannot be read (${fileReason(thrown)}); give a folder of checkpoints with --weights`,
    );
  });
  const files = entries.filter(
    (entry) => entry.isFile() && entry.name.endsWith('.safetensors') && !isClutter(entry.name),
  );
  // Without their ending: "rain", the default weights, comes before "rain-durn-s".
  const places = files.map(({ parentPath, name }) => join(parentPath, name.replace(/\.safetensors$/, '')));
  return places.sort().map((place) => `${place}.safetensors`);
}

/** @returns the entry of the page's list, or the reason why the file was skipped */
async function copy(path: string, shown: string, out: string): Promise<OfferedWeights | string> {
  const file = await readSafetensors(path);
  const { network, step } = file.metadata;
  if (network === undefined || step === undefined) return 'not a checkpoint that unweather wrote';
  const found = [...MODELS].find(([, model]) => has(model, network));
  if (found === undefined) return `network "${network}" is not available in browsers`;
  const [paper, described] = found;
  const parameters = networkNamed(described, network).create().parameters();
  const { weights, progress } = checkpointOf(file, { path, network, parameters });
  const recipe = progress!.recipe as { task?: string; data?: string; recipe?: { name?: string } };
  const all = Object.keys(described.tasks);
  const name = `weights/${paper}-${network}-${basename(dirname(path))}.safetensors`;
  // Files without moments are meant for distribution: they are copied with their precision.
  if ([...file.tensors.keys()].some((tensor) => tensor.startsWith('optimizer.')))
    await writeCheckpoint(join(out, name), network, weights, progress!);
  else await copyFile(path, join(out, name));
  const bytes = await readFile(join(out, name));
  return {
    paper,
    tasks: recipe.task !== undefined && all.includes(recipe.task) ? [recipe.task] : all,
    network,
    from: dirname(shown),
    file: name,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    trainedOn: describe(recipe, progress!.step),
  };
}

function has({ networks, found }: ModelEntry, name: string): boolean {
  return found?.named(name) !== undefined || Object.hasOwn(networks, name);
}

/** Describes the training; data that is not embedded goes by a fingerprint. */
function describe({ data, recipe }: { data?: string; recipe?: { name?: string } }, steps: number): string {
  const what =
    data === undefined ? 'unknown pictures' : data.startsWith('embedded') ? data : `a dataset with fingerprint ${data}`;
  return `${what}, ${steps} steps${recipe?.name === undefined ? '' : `, recipe ${recipe.name}`}`;
}
