import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileReason, UserError, writeWhole } from '@unweather/core-tensor';
import { pairOf, verifyPairs } from '../meta.js';
import { sizeOf } from '../picture-file.js';
import { type Entry, LAYOUTS, type Layout } from './layouts.js';
import { readList } from './list.js';

export interface MetaOptions {
  /** Dataset and split as datasets.json names them. */
  readonly dataset: string;
  readonly split: string;
  /** Folder of the official download. */
  readonly root: string;
  /** Official list of names; not needed where the download is a folder of numbered files. */
  readonly list?: string;
  /** Meta file to be written; default: DATASET-SPLIT.json in the root. */
  readonly out?: string;
}

export interface WrittenMeta {
  readonly path: string;
  readonly pairs: number;
  /** Names in the list, and how many the official one has. */
  readonly names: number;
  readonly expected: number | null;
  /** Pairs of which the truth is larger and its middle was taken. */
  readonly centred: number;
}

/**
 * Turns an official download and its list into a meta file. Every picture is looked at before anything is written.
 * @throws UserError for an unknown dataset or split, and naming the first file that is missing or does not fit its pair
 */
export async function writeMeta({ dataset, split, root, list, out }: MetaOptions): Promise<WrittenMeta> {
  const splits = named('dataset', LAYOUTS, dataset);
  const layout = named(`split of ${dataset}`, splits, split);
  const names = list === undefined ? await namesOf(dataset, layout, root) : await readList(list);
  const plain = names.flatMap((name) => layout.entries(name));
  const entries = layout.centre ? await Promise.all(plain.map((entry) => centred(root, entry))) : plain;
  await verifyPairs(entries.map(([truth, input], i) => pairOf(`entry ${i}`, join(root, truth), join(root, input))));
  const path = out ?? join(root, `${dataset}-${split}.json`);
  await writeWhole(path, `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`);
  const moved = entries.filter(([truth], i) => truth !== plain[i]![0]).length;
  return { path, pairs: entries.length, names: names.length, expected: layout.names, centred: moved };
}

/** Names of a folder of numbered files, in the order of their numbers. */
async function namesOf(dataset: string, { files }: Layout, root: string): Promise<string[]> {
  if (files === undefined) throw new UserError(`${dataset} needs its official list of names; give it with --list`);
  const folder = join(root, files.folder ?? '');
  const found = await readdir(folder).catch((thrown: unknown) => {
    throw new UserError(`${folder}: cannot be read (${fileReason(thrown)}); check the path of the download`);
  });
  const names = found.filter((name) => files.named.test(name));
  if (names.length === 0)
    throw new UserError(`${folder}: holds no files like ${files.like}; check the path of the download`);
  return names.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

/** A truth that is larger than its input stands for its middle. */
async function centred(root: string, [truth, input]: Entry): Promise<Entry> {
  const sizes = await Promise.all([truth, input].map((name) => sizeOf(join(root, name)))).catch(() => undefined);
  // Files that cannot be read are met, and named, when the pairs are verified.
  if (sizes === undefined) return [truth, input];
  const [whole, middle] = sizes as [(typeof sizes)[0], (typeof sizes)[0]];
  const larger = whole.width >= middle.width && whole.height >= middle.height;
  if (!larger || (whole.width === middle.width && whole.height === middle.height)) return [truth, input];
  return [`${truth}#centre-${middle.width}x${middle.height}`, input];
}

function named<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name]!;
  throw new UserError(`there is no ${what} "${name}"; choose one of ${Object.keys(table).join(', ')}`);
}
