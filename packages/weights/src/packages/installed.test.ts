import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { cardMarkdown } from '../card/card.js';
import { findWeights } from '../find.js';
import { inventory, problemOf } from '../inventory.js';
import { sampleCard, sha256Of, someBytes, temporaryFolder } from '../test-support.js';
import { manifestSchema } from './manifest.js';

const [rain, haze] = [someBytes(1000), someBytes(1000, 2)];
const described = (name: string, bytes: Buffer) => ({
  ...{ name, file: `files/${name}.safetensors`, sha256: sha256Of(bytes), size: bytes.length },
  ...{ network: 'DuRN_S', task: 'rain', licence: 'CC-BY-4.0', card: 'card.md' },
});
const RAIN = described('rain', rain);

let project: string;
beforeEach(async () => {
  project = await temporaryFolder();
});

/** Installs a package in the project, as npm lays it out. */
async function install(name: string, unweather: unknown): Promise<string> {
  const folder = join(project, 'node_modules', name);
  await mkdir(join(folder, 'files'), { recursive: true });
  // Other files of the package cannot be imported, but can still be read.
  const json = { name, version: '1.2.3', exports: {}, unweather };
  await writeFile(join(folder, 'package.json'), JSON.stringify(json));
  await writeFile(join(folder, 'files', 'rain.safetensors'), rain);
  await writeFile(join(folder, 'files', 'haze.safetensors'), haze);
  await writeFile(join(folder, 'card.md'), cardMarkdown(sampleCard));
  return folder;
}

const find = (name: string, sha256?: string) => findWeights({ name, from: join(project, 'src', 'deep'), sha256 });

test('weights of a package are found from the folders of a project, with hash and card', async () => {
  const folder = await install('@someone/rain-weights', { weights: [RAIN] });
  const { sha256, licence } = RAIN;
  const found = { path: join(folder, RAIN.file), sha256, card: join(folder, 'card.md'), licence };
  expect(await find('@someone/rain-weights')).toEqual(found);
  expect(await find('@someone/rain-weights#rain', RAIN.sha256.toUpperCase())).toEqual(found);
});

test('of several weights one is named', async () => {
  const folder = await install('weights', { weights: [RAIN, described('haze', haze)] });
  expect((await find('weights#haze')).path).toBe(join(folder, 'files/haze.safetensors'));
  await expect(find('weights')).rejects.toThrow('weights: carries rain, haze; choose one, like weights#rain');
  await expect(find('weights#snow')).rejects.toThrow('weights: carries no "snow"; choose one of rain, haze');
});

test('what is not right about a package is told by name', async () => {
  const folder = await install('weights', { weights: [RAIN] });
  await expect(find('other')).rejects.toThrow(
    'other: neither a file nor an installed package of weights (installed: weights); check the name, or install',
  );
  await install('bare', undefined);
  await expect(find('bare')).rejects.toThrow(
    'bare: the package carries no weights (no "unweather" in its package.json)',
  );
  await expect(find('weights', 'cd'.repeat(32))).rejects.toThrow(
    `weights: its SHA-256 is ${RAIN.sha256}, expected ${'cd'.repeat(32)}; check the hash, or get the file again`,
  );
  await expect(find('weights', 'xyz')).rejects.toThrow('"xyz" is not a SHA-256; give its 64 hexadecimal digits');
  await writeFile(join(folder, RAIN.file), haze);
  await expect(find('weights')).rejects.toThrow(`its SHA-256 is ${sha256Of(haze)}, its package says ${RAIN.sha256};`);
  await writeFile(join(folder, RAIN.file), 'cut');
  await expect(find('weights')).rejects.toThrow('it has 3 bytes, its package says 1000; reinstall it');
});

test.each<[string, unknown, RegExp]>([
  [
    'a path out of the package',
    { ...RAIN, file: '../../secret' },
    /unweather\.weights\.0\.file: leads out of the package/,
  ],
  ['a short hash', { ...RAIN, sha256: 'abc' }, /unweather\.weights\.0\.sha256: .+; tell the publisher of weights/],
  ['no licence', { ...RAIN, licence: undefined }, /unweather\.weights\.0\.licence: /],
])('a manifest with %s is refused', async (_name, entry, message) => {
  await install('weights', { weights: [entry] });
  await expect(find('weights')).rejects.toThrow(message);
  await expect(inventory(project, project)).rejects.toThrow(message);
});

test('two weights of one name in a manifest', async () => {
  await install('weights', { weights: [RAIN, RAIN] });
  await expect(find('weights')).rejects.toThrow(/weights\/package\.json: unweather: two weights have one name/);
});

test('the inventory has every weight with licence and size, and verifies files and cards', async () => {
  const folder = await install('weights', { weights: [RAIN, described('haze', haze)] });
  const all = await inventory(project, join(project, 'cache'));
  const { size, licence, sha256 } = RAIN;
  expect(all[0]).toMatchObject({ name: 'weights#rain', size, licence, sha256, network: 'DuRN_S', task: 'rain' });
  expect(await Promise.all(all.map(problemOf))).toEqual([undefined, undefined]);
  await writeFile(join(folder, 'files', 'haze.safetensors'), rain);
  await writeFile(join(folder, 'card.md'), '# No card\n');
  const [first, second] = await Promise.all(all.map(problemOf));
  expect(first).toBe(
    `${join(folder, 'card.md')}: the card ends where section "Data" should begin; a card has Data, Recipe, Steps, Measured, Licence, Not good for`,
  );
  expect(second).toMatch(/haze\.safetensors: its SHA-256 is/);
});

test('a file is found with the card beside it', async () => {
  const path = join(project, 'net.safetensors');
  await writeFile(path, rain);
  expect(await findWeights({ path })).toEqual({ path, sha256: RAIN.sha256 });
  await writeFile(join(project, 'net.md'), cardMarkdown(sampleCard));
  expect(await findWeights({ path, sha256: RAIN.sha256 })).toMatchObject({ card: join(project, 'net.md') });
  await expect(findWeights({ path: `${path}x` })).rejects.toThrow(
    'cannot be read (no such file or folder); check the path',
  );
  await expect(findWeights({ path, name: 'x' } as never)).rejects.toThrow(
    'takes exactly one of path, name and url; give one',
  );
  await expect(findWeights({} as never)).rejects.toThrow('takes exactly one of path, name and url');
});

test('the JSON Schema that ships is the one of the code', async () => {
  const shipped = await readFile(new URL('../../weights.schema.json', import.meta.url), 'utf8');
  expect(shipped).toBe(manifestSchema());
});
