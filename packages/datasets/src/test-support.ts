import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Picture, Random, writePng } from '@unweather/core-tensor';
import sharp from 'sharp';
import { combinations, fill, parseTemplate } from './prepare/template.js';
import { type RegisteredSplit, type Registry, readRegistry } from './registry.js';
import type { Reporter } from './report.js';

export { temporaryFolder } from '../../../vitest/folder.js';

type Layout = NonNullable<RegisteredSplit['layouts']>[number];

/** Makes a picture of noise, seeded by its name. */
export function noise(name: string, width: number, height: number): Picture {
  const random = Random.named(name);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

/** Writes pictures of noise. */
export async function writeNoise(folder: string, sizes: Record<string, [number, number]>): Promise<void> {
  for (const [name, [width, height]] of Object.entries(sizes))
    await writePng(join(folder, name), noise(name, width, height));
}

/** Writes a picture of noise in the format of its extension; creates the folders above it. */
export async function writePicture(path: string, width: number, height: number): Promise<void> {
  const { data } = noise(basename(path), width, height);
  await mkdir(dirname(path), { recursive: true });
  await sharp(data, { raw: { width, height, channels: 3 } }).toFile(path);
}

/** Content of a miniature download, relative to its root. */
export interface Miniature {
  /** Files of inputs and truths, each once. */
  readonly files: readonly string[];
  /** Number of pairs. */
  readonly pairs: number;
}

/** Builds a download of some scenes in a layout. */
export async function writeMiniature(
  root: string,
  { input, truth, folder = '' }: Layout,
  scenes: readonly string[],
): Promise<Miniature> {
  const [from, to] = [parseTemplate(input), parseTemplate(truth)];
  const choices = [...from.fields.values()].filter(({ choices }) => choices !== undefined);
  const files = new Set<string>();
  let pairs = 0;
  for (const scene of scenes)
    for (const values of combinations(choices)) {
      const rest = [...from.fields.keys()].filter((name) => !(name in values));
      // Fields that the truth lacks describe how the input was made and are arbitrary.
      const own = Object.fromEntries(rest.map((name) => [name, to.fields.has(name) ? scene : '0.5']));
      for (const template of [from, to]) files.add(join(folder, fill(template.file, { ...own, ...values })));
      pairs++;
    }
  const halves = /#(left|right)$/.test(input);
  for (const file of files)
    if (file.endsWith('.h5')) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await copyFile(fileURLToPath(new URL('../goldens/pair.h5', import.meta.url)), join(root, file));
    } else await writePicture(join(root, file), halves ? 16 : 8, 6);
  return { files: [...files], pairs };
}

/** Reads datasets.json and sets the number of pairs of a split. */
export async function registryWith(dataset: string, split: string, pairs: number | null): Promise<Registry> {
  const registry = structuredClone(await readRegistry());
  for (const known of registry.datasets[dataset]!.splits) if (known.name === split) known.pairs = pairs;
  return registry;
}

/** Makes a reporter that records its output. */
export function listener(): Reporter & { readonly said: string[] } {
  const said: string[] = [];
  return {
    said,
    say: (text) => said.push(text),
    progress: () => undefined,
    pause: () => undefined,
    wrote: (path) => said.push(path),
    result: (text) => said.push(text),
  };
}
