import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileReason, isClutter, UserError } from '@unweather/core-tensor';
import { type EmbeddedSplit, embeddedPairs, type PairSource } from '@unweather/datasets';
import { type MetaDataOptions, metaData } from '@unweather/lab';

/** Pairs of one kind of weather; each teacher learns one kind. */
export interface Weather {
  readonly name: string;
  readonly pairs: readonly PairSource[];
}

/** Kinds of weather on the embedded photographs, in the order of their labels. */
export const EMBEDDED = ['haze', 'rain', 'snow'] as const;

/** Embedded photographs of the datasets package, under every weather. */
export function embeddedWeathers(split: EmbeddedSplit): Promise<Weather[]> {
  return Promise.all(EMBEDDED.map(async (name) => ({ name, pairs: await embeddedPairs(split, name) })));
}

/**
 * Reads every JSON file of a folder as one kind of weather, in the order of their names, which is that of the teachers.
 * @param root folder that paths in the files are relative to; default: the working directory, as in the official code
 * @throws UserError naming the folder, or the file and the first entry that cannot be used
 */
export async function weathersOf(
  folder: string,
  root = process.cwd(),
  options: MetaDataOptions = {},
): Promise<Weather[]> {
  const files = await readdir(folder).catch((thrown: unknown) => {
    throw new UserError(`${folder}: cannot be read (${fileReason(thrown)}); give a folder of meta files`);
  });
  const metas = files.filter((file) => file.endsWith('.json') && !isClutter(file)).sort();
  if (metas.length === 0)
    throw new UserError(`${folder}: contains no .json meta file; put one there for each kind of weather`);
  return Promise.all(
    metas.map(async (file) => {
      const { pairs } = await metaData(join(folder, file), root, options);
      return { name: basename(file, '.json'), pairs };
    }),
  );
}

/** Identifies a set of pairs, for resuming. */
export function identityOf(weathers: readonly Weather[]): string {
  return weathers.map(({ name, pairs }) => `${name}:${pairs.length}:${dirname(pairs[0]!.truth)}`).join('|');
}
