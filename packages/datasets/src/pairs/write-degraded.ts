import { dirname, extname, join, relative, resolve } from 'node:path';
import { toBytes, UserError, writableFolder, writePng } from '@unweather/core-tensor';
import { openVisit } from '../batch-worker.js';
import { readMetaList } from '../meta.js';
import type { PairSource } from '../pair.js';
import { sizeOf } from '../picture-file.js';
import { Interrupted, inLanes } from '../prepare/lanes.js';

/**
 * Names the PNG of every synthesised input: its truth's path below the folder of truths, the weather and the level.
 * @param truths absolute path of that folder; the pairs have absolute paths, too
 * @throws UserError naming the truths whose files would have one name
 */
export function degradedNames(truths: string, pairs: readonly PairSource[]): string[] {
  const owners = new Map<string, string>();
  return pairs.map((pair) => {
    if (pair.kind !== 'synthesised') throw new Error(`${pair.name} is not synthesised`);
    const weather = pair.degradation.replace(/^gaussian-noise(-seeded)?$/, 'noise');
    const path = relative(truths, pair.truth);
    const name = `${path.slice(0, path.length - extname(path).length)}-${weather}-${pair.level}.png`;
    const owner = owners.get(name) ?? pair.truth;
    if (owner !== pair.truth)
      throw new UserError(`${owner} and ${pair.truth}: would both be written as ${name}; rename one`);
    owners.set(name, pair.truth);
    return name;
  });
}

/**
 * Writes the degraded pictures of a meta file as PNG, whole. The bits are those that training sees in its first epoch
 * with this seed, where it visits the pairs in the list's order, without crops and flips.
 * @throws Interrupted with a message
 */
export async function writeDegraded(
  meta: string,
  root: string,
  { truths, folder, seed }: { readonly truths: string; readonly folder: string; readonly seed: number },
  options: Parameters<typeof inLanes>[2],
): Promise<number> {
  const { pairs } = await readMetaList(meta, root);
  const names = degradedNames(resolve(truths), pairs);
  for (const place of new Set(names.map((name) => dirname(join(folder, name))))) await writableFolder(place);
  try {
    await inLanes(
      [...pairs.entries()],
      async ([index, source]) => {
        const crop = await sizeOf(source.truth);
        const visit = { source, stream: `sample:${seed}:0:${index}` };
        const { input } = await openVisit(visit, { crop, flip: false, repeat: 0 });
        await writePng(join(folder, names[index]!), toBytes(input));
      },
      options,
    );
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown;
    throw new Interrupted(`stopped; ${meta} is complete, ${folder} is not`);
  }
  return pairs.length;
}
