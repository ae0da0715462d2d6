import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random, writePng } from '@unweather/core-tensor';

export { temporaryFolder } from '../../vitest/folder.js';

/** Writes pairs of noise and their meta file. @param sizes sides of truth and input per pair @returns the meta file */
export async function writePairs(folder: string, sizes: readonly [truth: number, input: number][]): Promise<string> {
  const entries = [];
  for (const [i, pair] of sizes.entries()) {
    const names = [`gt-${i}.png`, `rain-${i}.png`];
    entries.push(names);
    for (const [j, name] of names.entries()) {
      const [size, random] = [pair[j]!, Random.named(name)];
      const data = Uint8Array.from({ length: size * size * 3 }, () => random.integer(256));
      await writePng(join(folder, name), { width: size, height: size, data });
    }
  }
  const meta = join(folder, 'meta.json');
  await writeFile(meta, JSON.stringify(entries));
  return meta;
}
