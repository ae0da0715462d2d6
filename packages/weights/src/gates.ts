import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  choicesText,
  decodeText,
  findPictures,
  isClutter,
  type Picture,
  readPicture,
  readWhole,
  UserError,
} from '@unweather/core-tensor';
import { BASELINES, baselinesOf, basicsrProtocol, cleanGate, factsOf, pairGates } from '@unweather/eval';
import { z } from 'zod';
import type { GatedSet } from './gated-set.js';
import type { CarriedHeld } from './inventory.js';

/** Tasks of the sets of real pictures, by folder. */
const SETS: Readonly<Record<string, string>> = {
  'did-mdn': 'rain',
  rain100h: 'rain',
  rain1400: 'rain',
  'sots-indoor': 'haze',
  raindrop: 'raindrop',
};
/** Folder of photographs without weather, and the number of them that are restored. */
const [CLEAN, PHOTOGRAPHS] = ['clean', 10];

const Pairs = z.array(z.tuple([z.string(), z.string()])).min(1);
const Exports = z.looseObject({
  exports: z.looseObject({ '.': z.looseObject({ default: z.string() }) }),
});

/** Model returned by `load` of a package that carries weights. */
interface Loaded {
  restore(path: string): Promise<{
    toFloat32(): { readonly data: Float32Array; readonly shape: readonly [1, 3, number, number] };
  }>;
  dispose(): Promise<void>;
}

/**
 * Checks a package's weights with gates: on every set of real pictures for their task in a folder, and on photographs
 * without weather.
 * @param data folder with `SET/pairs.json`, [["truth","input"], …] relative to it, and `clean/`
 * @param onPicture called with the number of restored pictures of a set
 * @throws UserError if the folder holds no such set, a picture cannot be read, or the package exports no `load`
 */
export async function gatesOf(
  held: CarriedHeld,
  data: string,
  onPicture: (set: string, done: number, total: number) => void = () => undefined,
): Promise<GatedSet[]> {
  const model = await loaded(held);
  const results: GatedSet[] = [];
  try {
    for (const [set, task] of Object.entries(SETS)) {
      const pairs = task === held.task ? await pairsOf(join(data, set)) : undefined;
      if (pairs === undefined) continue;
      const facts = [];
      const sums = new Map(BASELINES.map(({ name }) => [name, 0]));
      const baselines = baselinesOf(held.task);
      for (const [i, [truthPath, inputPath]] of pairs.entries()) {
        const [truth, input] = [await readPicture(truthPath), await readPicture(inputPath)];
        facts.push(factsOf(input, await restored(model, inputPath), truth));
        for (const { name, restore } of baselines) {
          const scored = basicsrProtocol.score(restore(input), truth).psnr;
          sums.set(name, sums.get(name)! + scored / pairs.length);
        }
        onPicture(set, i + 1, pairs.length);
      }
      const means = new Map(baselines.map(({ name }) => [name, sums.get(name)!]));
      results.push({ set, pictures: pairs.length, gates: pairGates(facts, means) });
    }
    const clean = await photographs(join(data, CLEAN));
    const psnrs: number[] = [];
    for (const [i, path] of clean.entries()) {
      psnrs.push(basicsrProtocol.score(await restored(model, path), await readPicture(path)).psnr);
      onPicture(CLEAN, i + 1, clean.length);
    }
    if (clean.length > 0) results.push({ set: CLEAN, pictures: clean.length, gates: [cleanGate(psnrs)] });
  } finally {
    await model.dispose();
  }
  if (results.length === 0)
    throw new UserError(
      `${data}: contains no set of real pictures for ${held.task}; add a folder ${choicesText(Object.keys(SETS))} ` +
        'with a pairs.json, or a folder clean',
    );
  return results;
}

/** Restores a picture to bytes, rounded. */
async function restored(model: Loaded, path: string): Promise<Picture> {
  const { data, shape } = (await model.restore(path)).toFloat32();
  const [, , height, width] = shape;
  const bytes = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) bytes[i] = 255 * data[(i % 3) * width * height + Math.floor(i / 3)]!;
  return { width, height, data: new Uint8Array(bytes.buffer) };
}

/** Loads the model by the package's own `load`, which knows its networks. */
async function loaded({ folder, name, task }: CarriedHeld): Promise<Loaded> {
  const file = join(folder, 'package.json');
  const parsed = Exports.safeParse(JSON.parse((await readWhole(file, 'reinstall the package')).toString()));
  const module = parsed.success
    ? ((await import(pathToFileURL(join(folder, parsed.data.exports['.'].default)).href)) as { load?: unknown })
    : {};
  if (typeof module.load !== 'function')
    throw new UserError(`${name}: its package exports no load(), which the gates need; verify without --data`);
  return module.load({ task, weights: name }) as Promise<Loaded>;
}

/** Reads the absolute paths of a set's pairs; undefined if there is no such set. */
async function pairsOf(folder: string): Promise<[truth: string, input: string][] | undefined> {
  const file = join(folder, 'pairs.json');
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  try {
    return Pairs.parse(JSON.parse(decodeText(bytes).replaceAll('\\\\', '/'))).map(([truth, input]) => [
      join(dirname(file), truth),
      join(dirname(file), input),
    ]);
  } catch {
    throw new UserError(`${file}: is not a list of pairs, [["truth.png","input.png"], …]; correct it`);
  }
}

/** Picks photographs below a folder, evenly spaced by name. */
async function photographs(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const all = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.split(sep).some(isClutter))
    .sort();
  const { pictures } = await findPictures(all.map((path) => ({ path })));
  const files = pictures.map(({ path }) => path);
  const count = Math.min(PHOTOGRAPHS, files.length);
  return Array.from({ length: count }, (_, i) => files[Math.floor((i * files.length) / count)]!);
}
