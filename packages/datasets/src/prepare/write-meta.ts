import { join } from 'node:path';
import { UserError, writeWhole } from '@unweather/core-tensor';
import { pairOf, verifyPairs } from '../meta.js';
import { LAYOUTS } from './layouts.js';
import { readList } from './list.js';

export interface MetaOptions {
  /** Dataset and split as datasets.json names them. */
  readonly dataset: string;
  readonly split: string;
  /** Folder of the official download. */
  readonly root: string;
  /** Official list of names. */
  readonly list: string;
  /** Meta file to be written; default: DATASET-SPLIT.json in the root. */
  readonly out?: string;
}

export interface WrittenMeta {
  readonly path: string;
  readonly pairs: number;
  /** Names in the list, and how many the official one has. */
  readonly names: number;
  readonly expected: number;
}

/**
 * Turns an official download and its list into a meta file. Every picture is looked at before anything is written.
 * @throws UserError for an unknown dataset or split, and naming the first file that is missing or does not fit its pair
 */
export async function writeMeta({ dataset, split, root, list, out }: MetaOptions): Promise<WrittenMeta> {
  const splits = named('dataset', LAYOUTS, dataset);
  const layout = named(`split of ${dataset}`, splits, split);
  const names = await readList(list);
  const entries = names.flatMap((name) => layout.entries(name));
  await verifyPairs(entries.map(([truth, input], i) => pairOf(`entry ${i}`, join(root, truth), join(root, input))));
  const path = out ?? join(root, `${dataset}-${split}.json`);
  await writeWhole(path, `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`);
  return { path, pairs: entries.length, names: names.length, expected: layout.names };
}

function named<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name]!;
  throw new UserError(`there is no ${what} "${name}"; choose one of ${Object.keys(table).join(', ')}`);
}
