import { readdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errorCode, fileReason, isClutter, readText, UserError, writeWhole } from '@unweather/core-tensor';
import { z } from 'zod';
import { metaText } from '../meta.js';
import { parseJson } from '../registry.js';
import type { Entry } from './pairing.js';

/** SPLIT.info.json, which records the origin of the pairs in SPLIT.json. */
export const Prepared = z.strictObject({
  format: z.literal(1),
  dataset: z.string(),
  split: z.string(),
  root: z
    .string()
    .min(1)
    .describe('Folder of the download: relative to this file where it lies beside it, else absolute.'),
  pairs: z.int().positive(),
  expected: z.int().positive().nullable().describe('Pairs that the paper or its lists state; null: not stated.'),
  leftOut: z.array(z.strictObject({ files: z.array(z.string()), why: z.string() })),
  notes: z.array(z.string()),
  files: z
    .record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
    .describe('SHA-256 of every file, relative to the root.'),
});

export type Prepared = z.infer<typeof Prepared>;

/** A prepared split. */
export interface PreparedSplit {
  readonly dataset: string;
  readonly split: string;
  /** Path of its meta file. */
  readonly meta: string;
  /** Folder that the meta file's paths are relative to. */
  readonly root: string;
  readonly pairs: number;
  readonly expected: number | null;
  /** True if some of its pairs are missing. */
  readonly partial: boolean;
  readonly notes: readonly string[];
}

const SUFFIX = '.info.json';

/**
 * Writes a meta file and its sidecar, the sidecar last: a meta file without one does not count as prepared. The root is
 * stored relative to the sidecar if it lies in the same folder as `out` (a repository that holds both may move),
 * otherwise absolute (the repository may move, the data stays).
 * @returns path of the meta file
 */
export async function writePrepared(
  out: string,
  { root, ...info }: Omit<Prepared, 'format'>,
  entries: readonly Entry[],
): Promise<string> {
  const folder = resolve(out, info.dataset);
  const fromHome = relative(dirname(resolve(out)), resolve(root));
  const beside = !isAbsolute(fromHome) && fromHome.split(sep)[0] !== '..';
  const noted = beside ? relative(folder, resolve(root)).split(sep).join('/') || '.' : resolve(root);
  const meta = join(out, info.dataset, `${info.split}.json`);
  await writeWhole(meta, metaText(entries));
  const { dataset, split, ...rest } = info;
  const prepared: Prepared = { format: 1, dataset, split, root: noted, ...rest };
  await writeWhole(join(out, info.dataset, `${info.split}${SUFFIX}`), `${JSON.stringify(prepared, null, 2)}\n`);
  return meta;
}

/** Reads a sidecar. @throws UserError naming the file and the first place that is wrong */
export async function readPrepared(path: string): Promise<Prepared & { readonly root: string }> {
  const remedy = 'prepare the split again';
  const prepared = parseJson(Prepared, path, await readText(path, remedy), remedy);
  return { ...prepared, root: resolve(dirname(path), prepared.root) };
}

/**
 * Lists the prepared splits in a folder, by dataset and name; none if the folder does not exist.
 * @throws UserError naming a sidecar that is broken
 */
export async function preparedSplits(folder: string): Promise<PreparedSplit[]> {
  const splits: PreparedSplit[] = [];
  for (const dataset of await namesIn(folder))
    for (const name of await namesIn(join(folder, dataset))) {
      if (!name.endsWith(SUFFIX)) continue;
      const info = await readPrepared(join(folder, dataset, name));
      const { split, root, pairs, expected, leftOut, notes } = info;
      const meta = join(folder, dataset, `${split}.json`);
      const partial = leftOut.length > 0 || (expected !== null && pairs < expected);
      splits.push({ dataset: info.dataset, split, meta, root, pairs, expected, partial, notes });
    }
  return splits;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !isClutter(name)).sort();
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(thrown) ?? '')) return [];
    throw new UserError(`${folder}: cannot be read (${fileReason(thrown)}); check the path`);
  }
}
